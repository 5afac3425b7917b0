import { parseAuthority, portOf } from './authority.ts';
import { consistsOf, TARGET_OCTETS } from './octets.ts';

/** A request target as it goes on to the next server, and the authority that it named itself. */
export interface ParsedTarget {
  /** Origin form, or `*`. */
  readonly target: string;
  readonly authority: string;
}

/** Whether `target` may be sent in a request line as it is: origin form or asterisk form. */
export function isRequestTarget(target: string): boolean {
  if (target === '*') return true;
  return target.startsWith('/') && consistsOf(target, TARGET_OCTETS);
}

/**
 * Checks a target in authority form, which names host and port both, and returns it in lower case;
 * undefined when it is none, or the port is 0 (RFC 9110 §9.3.6).
 */
export function parseAuthorityForm(target: string): string | undefined {
  const authority = parseAuthority(target);
  const port = authority === undefined ? undefined : portOf(authority);
  return port === undefined || port === 0 ? undefined : authority;
}

/**
 * Splits a target in absolute form (RFC 9112 §3.2.2) whose scheme is `scheme`. Undefined when
 * it is in another form, names another scheme or carries user information.
 */
export function parseAbsoluteForm(target: string, scheme: string, method: string): ParsedTarget | undefined {
  const start = scheme.length + 3;
  if (target.slice(0, start).toLowerCase() !== `${scheme}://` || !consistsOf(target, TARGET_OCTETS))
    return undefined;
  const end = endOfAuthority(target, start);
  const authority = parseAuthority(target.slice(start, end));
  if (authority === undefined) return undefined;
  return { target: originForm(target.slice(end), method), authority };
}

function endOfAuthority(target: string, start: number): number {
  for (let i = start; i < target.length; i++) {
    if (target[i] === '/' || target[i] === '?') return i;
  }
  return target.length;
}

function originForm(rest: string, method: string): string {
  // RFC 9112 §3.2.4: OPTIONS without a path asks about the server as a whole.
  if (rest === '') return method === 'OPTIONS' ? '*' : '/';
  return rest.startsWith('?') ? `/${rest}` : rest;
}
