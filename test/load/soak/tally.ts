import type { Outcome } from '../exchange/fault.ts';

const SHOWN = 20;

/** What a client saw of an exchange. */
export type Seen =
  | Outcome
  /** It left before the end. */
  | 'left'
  /** Sent on a connection whose end had been announced; it counts for nothing (the bars' definition of a failed request). */
  | 'unasked'
  /**
   * A POST that met the end of a kept connection, of which the origin had said nothing: it can't be sent again
   * (RFC 9110 §9.2.2). There can be as many as there are such ends.
   */
  | 'stale'
  /** Anything that may not be. */
  | 'wrong';

/** What the access log must have of an exchange. */
const RECORDS = { none: 0, one: 1, oneAtMost: 2 } as const;

/** Keeps what became of every exchange: counts, the first wrong ones in words, and two bits for each token. */
export class Tally {
  readonly #counts = new Map<string, number>();
  readonly #wrong: string[] = [];
  #records = new Uint8Array(1 << 16);
  #lastToken = 0;
  connections = 0;
  bytes = 0;

  /** A token that no other exchange has. */
  nextToken(): number {
    this.#lastToken += 1;
    return this.#lastToken;
  }

  /** How many exchanges were begun. */
  get exchanges(): number {
    return this.#lastToken;
  }

  /** Notes how an exchange ended; `what` names its fault or conduct, `details` say what was wrong. */
  add(token: number, what: string, seen: Seen, details = ''): void {
    const key = `${what}: ${seen}`;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    if (seen === 'wrong' && this.#wrong.length < SHOWN)
      this.#wrong.push(`exchange ${token} (${what}): ${details}`);
    this.#record(token, seen === 'left' || seen === 'unasked' ? RECORDS.oneAtMost : RECORDS.one);
  }

  count(seen: Seen): number {
    return [...this.#counts].reduce(
      (sum, [key, count]) => (key.endsWith(`: ${seen}`) ? sum + count : sum),
      0,
    );
  }

  /** How many exchanges of this fault or conduct ended in this way. */
  countOf(what: string, seen: Seen): number {
    return this.#counts.get(`${what}: ${seen}`) ?? 0;
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  /** The first of those that were wrong. */
  get wrong(): readonly string[] {
    return this.#wrong;
  }

  /** Whether so many lines of the access log are what became of the exchange calls for. */
  isAccountedBy(token: number, lines: number): boolean {
    const due = this.#records[token] ?? RECORDS.none;
    return due === RECORDS.oneAtMost ? lines <= 1 : lines === due;
  }

  #record(token: number, due: number): void {
    if (token >= this.#records.length) {
      const larger = new Uint8Array(2 * token);
      larger.set(this.#records);
      this.#records = larger;
    }
    this.#records[token] = due;
  }
}
