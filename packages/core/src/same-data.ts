/**
 * Whether two settings say the same: lists, plain objects and instances of classes named `…Options` by what they
 * hold, all else, such as functions, only when it is the very same.
 */
export function isSameData(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, at) => isSameData(item, b[at]))
    );
  }
  if (!isData(a) || !isData(b)) return false;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => isSameData(Reflect.get(a, key), Reflect.get(b, key)));
}

function isData(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null || prototype === Object.prototype) return true;
  return value.constructor.name.endsWith('Options');
}
