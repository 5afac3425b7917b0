import { consistsOf, isToken, VALUE_OCTETS } from '../grammar/octets.ts';
import { trimWhitespace } from '../grammar/whitespace.ts';
import { InvalidHeaderError } from './invalid-header-error.ts';
import { OWNED_FIELDS } from './owned-fields.ts';

/** Returns `name` when a user may set a field of that name; throws an InvalidHeaderError otherwise. */
export function requireFieldName(name: string): string {
  if (!isToken(name)) throw new InvalidHeaderError(`${JSON.stringify(name)} is not a field name.`);
  const property = OWNED_FIELDS.get(name.toLowerCase());
  if (property === undefined) return name;
  throw new InvalidHeaderError(`The codec writes ${name} by itself; set "${property}" of the message.`);
}

/** Returns `value` without white space around it; throws an InvalidHeaderError when it can't be sent. */
export function requireFieldValue(name: string, value: string): string {
  if (consistsOf(value, VALUE_OCTETS)) return trimWhitespace(value);
  throw new InvalidHeaderError(`The value of ${name} has a character that a field must not have.`);
}
