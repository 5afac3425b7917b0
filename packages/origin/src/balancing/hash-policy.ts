import { isReadableField } from '@sluice/codec-http';
import { isObject, wrongConfig } from '../checked-options.ts';

/** What of a request decides which server it comes to. `isTerminal`: once it has given something, the rest is not looked at. */
export type HashPolicy =
  | { readonly type: 'header'; readonly name: string; readonly isTerminal?: boolean }
  | CookiePolicy
  | { readonly type: 'source-address'; readonly isTerminal?: boolean }
  | { readonly type: 'query'; readonly name: string; readonly isTerminal?: boolean };

export interface CookiePolicy {
  readonly type: 'cookie';
  readonly name: string;
  /** Gives a client that has none a cookie of this age, in ms; 0: until the browser is closed. Absent: gives none. */
  readonly ttlMs?: number;
  /** Of the cookie that is given. Default: `/`. */
  readonly path?: string;
  /** Whether the cookie that is given is for https alone. Default: false. */
  readonly isSecure?: boolean;
  readonly isTerminal?: boolean;
}

const TYPES = ['header', 'cookie', 'source-address', 'query'];
// RFC 9110 §5.6.2: what names of headers and cookies are made of.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// RFC 6265 §4.1.1: a path ends at a semicolon, and has no control characters.
const COOKIE_PATH = /^\/[\x20-\x3a\x3c-\x7e]*$/;

/** Returns what is given. Throws a SluiceError that names what is wrong with it. */
export function checkedHashPolicies(given: unknown, path: string): readonly HashPolicy[] {
  if (!Array.isArray(given)) throw wrongConfig(path, 'a list', given);
  for (const [at, policy] of given.entries()) checkPolicy(policy, `${path}[${at}]`);
  return given as readonly HashPolicy[];
}

function checkPolicy(policy: unknown, path: string): void {
  if (!isObject(policy)) throw wrongConfig(path, 'an object', policy);
  const { type, name, ttlMs, path: cookiePath } = policy;
  if (typeof type !== 'string' || !TYPES.includes(type)) {
    throw wrongConfig(`${path}.type`, `one of ${TYPES.join(', ')}`, type);
  }
  if (type !== 'source-address' && (typeof name !== 'string' || name === '')) {
    throw wrongConfig(`${path}.name`, 'a text that is not empty', name);
  }
  const isField = type === 'header' || type === 'cookie';
  if (isField && !TOKEN.test(String(name))) {
    throw wrongConfig(`${path}.name`, 'the name of a header or cookie', name);
  }
  if (type === 'header' && !isReadableField(String(name))) {
    throw wrongConfig(`${path}.name`, 'a field that the codec does not keep to itself', name);
  }
  if (ttlMs !== undefined && !(typeof ttlMs === 'number' && ttlMs >= 0)) {
    throw wrongConfig(`${path}.ttlMs`, 'a number from 0', ttlMs);
  }
  if (cookiePath !== undefined && !(typeof cookiePath === 'string' && COOKIE_PATH.test(cookiePath))) {
    throw wrongConfig(`${path}.path`, 'a path', cookiePath);
  }
}
