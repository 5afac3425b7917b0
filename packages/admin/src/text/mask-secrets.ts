const MASK = '***';
const SECRET_NAME =
  /pass(?:word|wd|phrase)|secret|token|credential|private.?key|api.?key|authorization|^(?:key|auth|cookie)$/i;
const PEM_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const USER_INFO = /^([a-z][a-z\d+.-]*:\/\/)[^/?#@\s]+@/i;
const MAX_DEPTH = 20;

/**
 * The value as plain data, fit to be shown: what is called a secret, private keys and the user in a
 * URL are masked; functions, objects of classes and bytes are named and not shown. A name that ends
 * in `File`, like `keyFile`, is a place and no secret.
 */
export function maskSecrets(value: unknown): unknown {
  return shown(value, []);
}

function shown(value: unknown, around: readonly object[]): unknown {
  if (typeof value === 'string') return PEM_KEY.test(value) ? MASK : value.replace(USER_INFO, `$1${MASK}@`);
  if (typeof value === 'function')
    return `[${/^class\b/.test(String(value)) ? 'class' : 'function'} ${value.name}]`;
  if (typeof value === 'bigint' || typeof value === 'symbol') return String(value);
  // JSON has no number for it, and null would say that there is none.
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (around.includes(value) || around.length >= MAX_DEPTH) return '[…]';
  return shownObject(value, [...around, value]);
}

function shownObject(value: object, around: readonly object[]): unknown {
  if (value instanceof Uint8Array) return `[${value.length} bytes]`;
  if (value instanceof Date || value instanceof URL || value instanceof RegExp)
    return shown(String(value), around);
  if (value instanceof Map)
    return entriesShown(
      [...value].map(([key, item]) => [String(key), item]),
      around,
    );
  if (Array.isArray(value) || value instanceof Set) return [...value].map((item) => shown(item, around));
  return isPlain(value) ? entriesShown(Object.entries(value), around) : `[${value.constructor.name}]`;
}

function entriesShown(entries: readonly (readonly [string, unknown])[], around: readonly object[]): object {
  return Object.fromEntries(
    entries.map(([key, item]) => [key, isSecret(key, item) ? MASK : shown(item, around)]),
  );
}

/** A switch or a number that a secret's name is part of, as `maxTokens`, tells nothing. */
function isSecret(key: string, value: unknown): boolean {
  if (!SECRET_NAME.test(key) || /(?:file|path)s?$/i.test(key)) return false;
  return value !== undefined && typeof value !== 'boolean' && typeof value !== 'number';
}

/** An object of an Options class is as plain as one that was written down. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || prototype === Object.prototype || value.constructor.name.endsWith('Options');
}
