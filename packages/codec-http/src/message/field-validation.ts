import { consistsOf, isToken, VALUE_OCTETS } from '../grammar/octets.ts';
import { trimWhitespace } from '../grammar/whitespace.ts';
import { InvalidHeaderError } from './invalid-header-error.ts';
import { OWNED_FIELDS } from './owned-fields.ts';

// Programs set the same few names again and again; so many that were found good are remembered.
const MAX_KNOWN_NAMES = 256;
const knownNames = new Set<string>();

/** Returns `name` when a user may set a field of that name; throws an InvalidHeaderError otherwise. */
export function requireFieldName(name: string): string {
  if (knownNames.has(name)) return name;
  checkFieldName(name);
  if (knownNames.size < MAX_KNOWN_NAMES) knownNames.add(name);
  return name;
}

function checkFieldName(name: string): void {
  if (!isToken(name)) throw new InvalidHeaderError(`${JSON.stringify(name)} is not a field name.`);
  const property = OWNED_FIELDS.get(name.toLowerCase());
  if (property === undefined) return;
  throw new InvalidHeaderError(`The codec writes ${name} by itself; set "${property}" of the message.`);
}

/** Returns `value` without white space around it; throws an InvalidHeaderError when it can't be sent. */
export function requireFieldValue(name: string, value: string): string {
  // Untyped code sets numbers, and undefined where it has nothing.
  if (typeof value !== 'string')
    throw new InvalidHeaderError(`The value of ${name} must be a string, found ${typeof value}.`);
  if (consistsOf(value, VALUE_OCTETS)) return trimWhitespace(value);
  throw new InvalidHeaderError(`The value of ${name} has a character that a field must not have.`);
}
