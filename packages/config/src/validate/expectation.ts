import type { z } from 'zod';

type RawIssue = Parameters<z.core.$ZodErrorMap>[0];

/** Begins what this package says of an issue, so that the words of a schema's author are told from it. */
export const EXPECTED = 'expected ';

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
  nan: 'no number',
};

/** What a schema expects in place of what was found; goes where the schema has no message of its own. */
export function expectation(issue: RawIssue): string {
  return `${EXPECTED}${expected(issue)}`;
}

function expected(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values);
    case 'too_small':
      return bounds(issue.origin, issue.minimum, issue.inclusive === false ? 'more than' : 'at least');
    case 'too_big':
      return bounds(issue.origin, issue.maximum, issue.inclusive === false ? 'less than' : 'at most');
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_format':
      return issue.pattern === undefined
        ? `a text of the form "${issue.format}"`
        : `a text like ${issue.pattern}`;
    default:
      return 'something else';
  }
}

function bounds(origin: string, limit: number | bigint, word: string): string {
  if (origin === 'string') return `${word} ${limit} ${limit === 1 ? 'character' : 'characters'}`;
  if (origin === 'array' || origin === 'set') return `a list of ${word} ${limit}`;
  return origin === 'int' || origin === 'number' ? `a number of ${word} ${limit}` : `${word} ${limit}`;
}

/** A choice, as people write it. */
export function oneOf(values: readonly unknown[]): string {
  if (values.length === 0) return 'none';
  const words = values.map((value) => (typeof value === 'string' ? JSON.stringify(value) : String(value)));
  return words.length < 2 ? words.join('') : `one of ${words.join(', ')}`;
}

// More than anyone reads, when the one that was meant stands behind them.
const MANY = 12;

/** A choice for an error; a long one by its length, when the nearest says enough. */
export function choiceOf(values: readonly unknown[], near: string | undefined): string {
  return near !== undefined && values.length > MANY ? `one of ${values.length} names` : oneOf(values);
}
