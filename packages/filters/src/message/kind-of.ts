/** What untyped code gave in the place of something else, in a word for an error: `Promise`, `Buffer`, `string`. */
export function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value;
  return value.constructor?.name ?? 'object';
}
