import { isAscii, latin1ToUtf8, OWNED_FIELDS, queryValue, readOwnedField } from '@sluice/codec-http';
import type { HttpRequest } from '@sluice/codec-http';
import { describeValue, valueTest } from './value-matcher.ts';
import type { ValueMatch, ValueTest } from './value-matcher.ts';

/** What a route wants of a request beside its path. */
export interface Condition {
  /** In words, for those who ask why a route was not taken. Equal conditions have equal words. */
  readonly text: string;
  /** Of a condition on the method: those that it takes. */
  readonly methods?: readonly string[];
  /** `method`: the one to go by, where it is not the request's own. */
  matches(request: HttpRequest, method?: string): boolean;
}

export interface NamedValueMatch extends ValueMatch {
  readonly name: string;
}

/** Names are compared with case, as RFC 9110 §9.1 has it; GET does not stand for HEAD. */
export function methodCondition(methods: readonly string[]): Condition {
  const text = `method ${methods.join(' or ')}`;
  return { text, methods, matches: (request, method = request.method) => methods.includes(method) };
}

/** Several fields of one name are one value, joined with commas (RFC 9110 §5.3). */
export function headerCondition({ name, ...match }: NamedValueMatch): Condition {
  const field = name.toLowerCase();
  const test = fieldTest(match);
  const text = `header ${field} ${describeValue(match)}`;
  if (OWNED_FIELDS.has(field)) return { text, matches: (request) => test(readOwnedField(request, field)) };
  return {
    text,
    matches: ({ headers }) => test(headers.has(field) ? headers.getAll(field).join(',') : undefined),
  };
}

export function queryCondition({ name, ...match }: NamedValueMatch): Condition {
  const test = valueTest(match);
  return {
    text: `query ${name} ${describeValue(match)}`,
    matches: ({ query }) => test(queryValue(query, name)),
  };
}

/** Values are compared as they are, octet by octet, unless more than ASCII is wanted: that is meant as UTF-8. */
function fieldTest(match: ValueMatch): ValueTest {
  const test = valueTest(match);
  const wanted = [match.exact, match.prefix, match.suffix, match.contains, match.regex];
  if (wanted.every((text) => text === undefined || isAscii(text))) return test;
  return (value) => test(value === undefined ? undefined : latin1ToUtf8(value));
}
