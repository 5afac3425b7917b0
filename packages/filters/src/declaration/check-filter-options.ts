import { FilterSetError } from './filter-set-error.ts';
import type { FilterOptions } from './filter.ts';

/** What an option may be, and the same in words. */
interface Expectation {
  readonly words: string;
  readonly holds: (value: unknown) => boolean;
}

const TEXT: Expectation = {
  words: 'a string that is not empty',
  holds: (value) => typeof value === 'string' && value !== '',
};
const FLAG: Expectation = { words: 'a boolean', holds: (value) => typeof value === 'boolean' };
const CLASSES: Expectation = { words: 'an array of classes', holds: isClasses };
const LIMIT: Expectation = {
  words: 'a whole number from 0, or Infinity',
  holds: (value) => value === Infinity || (Number.isInteger(value) && (value as number) >= 0),
};

// A record, so that the compiler counts them.
const EXPECTATIONS: Readonly<Record<keyof FilterOptions, Expectation>> = {
  type: oneOf('inbound', 'endpoint', 'outbound'),
  name: TEXT,
  enabledByDefault: FLAG,
  required: FLAG,
  constraints: CLASSES,
  after: CLASSES,
  before: CLASSES,
  timeoutMs: { words: 'a number above 0', holds: (value) => typeof value === 'number' && value > 0 },
  onFailure: oneOf('open', 'closed'),
  alwaysRun: FLAG,
  maxConcurrency: LIMIT,
  maxBodyBytes: LIMIT,
  keepsBody: FLAG,
};

/** Throws a {@link FilterSetError} for an option of `@Filter` that is not known, or has a value that it can't have. */
export function checkFilterOptions(filter: string, options: FilterOptions): void {
  if (options.type === undefined) throw new FilterSetError(`${filter}: type is missing.`);
  for (const [option, value] of Object.entries(options)) {
    if (!isOption(option)) {
      const known = Object.keys(EXPECTATIONS).join(', ');
      throw new FilterSetError(`${filter}: ${option} is not known; known are ${known}.`);
    }
    const { words, holds } = EXPECTATIONS[option];
    if (value !== undefined && !holds(value))
      throw new FilterSetError(`${filter}: ${option} is ${shown(value)}; expected ${words}.`);
  }
}

function isOption(option: string): option is keyof FilterOptions {
  return Object.hasOwn(EXPECTATIONS, option);
}

function oneOf(...words: readonly string[]): Expectation {
  return {
    words: words.map((word) => `"${word}"`).join(' or '),
    holds: (value) => (words as readonly unknown[]).includes(value),
  };
}

function isClasses(value: unknown): boolean {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'function');
}

function shown(value: unknown): string {
  if (typeof value === 'function') return `the class ${value.name}`;
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
