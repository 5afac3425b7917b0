import type { Field } from '../wire/head.ts';
import { valuesOf } from '../wire/head.ts';

/** Names those of `wanted` (`name` or `name: value`) that are not among the fields. */
export function missingFields(fields: readonly Field[], wanted: readonly string[]): readonly string[] {
  return wanted.filter((fact) => {
    const { name, value } = split(fact);
    const values = valuesOf(fields, name);
    return value === undefined ? values.length === 0 : !values.includes(value);
  });
}

/** Names those of `unwanted` (`name` or `name: value`) that are there, as a value or as a member of a list. */
export function presentFields(fields: readonly Field[], unwanted: readonly string[]): readonly string[] {
  return unwanted.filter((fact) => {
    const { name, value } = split(fact);
    const values = valuesOf(fields, name);
    return value === undefined ? values.length > 0 : values.some((found) => holds(found, value));
  });
}

function holds(found: string, value: string): boolean {
  const wanted = value.toLowerCase();
  const text = found.toLowerCase();
  return text === wanted || text.split(',').some((member) => member.trim() === wanted);
}

function split(fact: string): { readonly name: string; readonly value: string | undefined } {
  const colon = fact.indexOf(':');
  if (colon < 0) return { name: fact.toLowerCase(), value: undefined };
  return { name: fact.slice(0, colon).toLowerCase(), value: fact.slice(colon + 1).replace(/^ /, '') };
}
