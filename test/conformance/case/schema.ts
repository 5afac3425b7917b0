/** Reads one JSON value, or throws with the path at which it is not what the schema says. */
export type Check<T> = (value: unknown, path: string) => T;

/** The type that a check yields. */
export type Checked<C> = C extends Check<infer T> ? T : never;

type Fields = Readonly<Record<string, Check<unknown>>>;
type Simplify<T> = { readonly [K in keyof T]: T[K] };
type ShapeOf<R extends Fields, O extends Fields> = Simplify<
  { [K in keyof R]: Checked<R[K]> } & { [K in keyof O]?: Checked<O[K]> }
>;

/** A string whose characters are bytes: U+0000 to U+00FF. */
export const bytes: Check<string> = (value, path) => {
  if (typeof value !== 'string') return fail(path, 'a string', value);
  for (let at = 0; at < value.length; at++) {
    if (value.charCodeAt(at) > 0xff) return fail(`${path}[${at}]`, 'a latin1 character', value[at]);
  }
  return value;
};

/** A whole number from zero up. */
export const count: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : fail(path, 'a whole number from zero up', value);

/** Both truth values. */
export const flag: Check<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : fail(path, 'a boolean', value);

/** JSON null, where the case files use it for "the real endpoints stay". */
export const nothing: Check<null> = (value, path) => (value === null ? value : fail(path, 'null', value));

/** One of the values given. */
export function oneOf<const T extends readonly (string | number | boolean)[]>(
  ...values: T
): Check<T[number]> {
  return (value, path) =>
    values.find((allowed) => allowed === value) ?? fail(path, `one of ${values.join(', ')}`, value);
}

/** What either of two checks takes. */
export function either<A, B>(first: Check<A>, second: Check<B>): Check<A | B> {
  return (value, path) => {
    try {
      return first(value, path);
    } catch {
      return second(value, path);
    }
  };
}

/** An array with the same check for each element. */
export function listOf<T>(check: Check<T>): Check<readonly T[]> {
  return (value, path) =>
    Array.isArray(value)
      ? value.map((element, at) => check(element, `${path}[${at}]`))
      : fail(path, 'an array', value);
}

/** A pair, in this order. */
export function pairOf<A, B>(first: Check<A>, second: Check<B>): Check<readonly [A, B]> {
  return (value, path) =>
    Array.isArray(value) && value.length === 2
      ? [first(value[0], `${path}[0]`), second(value[1], `${path}[1]`)]
      : fail(path, 'a pair', value);
}

/** An object with names of its own choice and one check for every value. */
export function recordOf<T>(check: Check<T>): Check<Readonly<Record<string, T>>> {
  return (value, path) =>
    Object.fromEntries(entriesOf(value, path).map(([key, inner]) => [key, check(inner, `${path}.${key}`)]));
}

/** An object with these keys and no others: a key the runner does not know is an error, never ignored. */
export function shape<const R extends Fields, const O extends Fields>(
  required: R,
  optional: O,
): Check<ShapeOf<R, O>> {
  const known = new Map<string, Check<unknown>>([...Object.entries(required), ...Object.entries(optional)]);
  return (value, path) => {
    const entries = entriesOf(value, path);
    const read = entries.map(([key, inner]) => {
      const check = known.get(key);
      if (!check) return fail(`${path}.${key}`, `no key but ${[...known.keys()].join(', ')}`, key);
      return [key, check(inner, `${path}.${key}`)] as const;
    });
    const present = new Set(entries.map(([key]) => key));
    const missing = Object.keys(required).find((key) => !present.has(key));
    if (missing !== undefined) return fail(`${path}.${missing}`, 'a value', undefined);
    return Object.fromEntries(read) as ShapeOf<R, O>;
  };
}

function entriesOf(value: unknown, path: string): [string, unknown][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return fail(path, 'an object', value);
  return Object.entries(value);
}

function fail(path: string, expected: string, found: unknown): never {
  throw new TypeError(`${path}: expected ${expected}, found ${JSON.stringify(found)?.slice(0, 80)}`);
}
