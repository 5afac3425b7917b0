import { HttpStatusError } from '@sluice/filters';

const MAX_SHOWN = 100;

/** The parameters of a request, each at most once and each of them known. Its methods throw an HttpStatusError with 400. */
export class AdminQuery {
  readonly #values = new Map<string, string>();

  /** `known`: the names that may be there. */
  constructor(query: string | undefined, known: readonly string[]) {
    for (const [name, value] of new URLSearchParams(query)) {
      if (!known.includes(name)) throw unknownParameter(name, known);
      if (this.#values.has(name)) throw new HttpStatusError(400, `${name}: given more than once.`);
      this.#values.set(name, value);
    }
  }

  text(name: string): string | undefined {
    return this.#values.get(name);
  }

  /** One that must be there. */
  required(name: string, expected: string): string {
    const value = this.text(name);
    if (value === undefined) throw new HttpStatusError(400, `${name}: expected ${expected}, found nothing.`);
    return value;
  }

  choice<Choice extends string>(name: string, choices: readonly [Choice, ...Choice[]]): Choice {
    const value = this.text(name);
    if (value === undefined) return choices[0];
    const choice = choices.find((candidate) => candidate === value);
    if (choice === undefined) throw wrongValue(name, choices.join(' or '), value);
    return choice;
  }

  /** A number from 0. */
  number(name: string): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (!/^\d{1,15}(?:\.\d{1,6})?$/.test(value)) throw wrongValue(name, 'a number from 0', value);
    return Number(value);
  }

  /** A whole number from 1 to `most`. */
  count(name: string, byDefault: number, most: number): number {
    const value = this.text(name);
    if (value === undefined) return byDefault;
    const count = /^\d{1,9}$/.test(value) ? Number(value) : 0;
    if (count < 1 || count > most) throw wrongValue(name, `a whole number from 1 to ${most}`, value);
    return count;
  }
}

/** A parameter has another value than it may have. */
export function wrongValue(name: string, expected: string, found: string): HttpStatusError {
  const shown = found.length > MAX_SHOWN ? `${found.slice(0, MAX_SHOWN)}…` : found;
  return new HttpStatusError(400, `${name}: expected ${expected}, found ${JSON.stringify(shown)}.`);
}

function unknownParameter(name: string, known: readonly string[]): HttpStatusError {
  const there = known.length === 0 ? 'There are none here' : `There is: ${known.join(', ')}`;
  return new HttpStatusError(
    400,
    `There is no parameter ${JSON.stringify(name.slice(0, MAX_SHOWN))}. ${there}.`,
  );
}
