import { isIPv6 } from 'node:net';
import { CLOSE_BRACKET, COLON, consistsOf, DIGIT_OCTETS, HOST_OCTETS } from './octets.ts';

const MAX_PORT = 65_535;
const MAX_PORT_DIGITS = 5;

/**
 * Checks `host [":" port]` and returns it in lower case, an empty port dropped; undefined when
 * it is not one that may be routed by.
 *
 * Stricter than RFC 3986 §3.2.2: no user information, percent encoding, sub-delimiters, zone
 * or future address forms, because peers disagree about what those name.
 */
export function parseAuthority(text: string): string | undefined {
  const hostEnd = endOfHost(text);
  if (hostEnd === 0 || !isPort(text, hostEnd)) return undefined;
  const lower = text.toLowerCase();
  return hostEnd === text.length - 1 ? lower.slice(0, hostEnd) : lower;
}

/** The host of a checked authority, with the brackets of an IPv6 address. */
export function hostOf(authority: string): string {
  const colon = authority.lastIndexOf(':');
  return colon === -1 || authority.charCodeAt(authority.length - 1) === CLOSE_BRACKET
    ? authority
    : authority.slice(0, colon);
}

/** The one form of a host in lower case, to compare it: no trailing dot, IPv6 as RFC 5952 writes it. */
export function canonicalHost(host: string): string {
  if (host.endsWith('.')) return host.slice(0, -1);
  return host.startsWith('[') ? new URL(`http://${host}`).hostname : host;
}

/** The port of a checked authority; undefined when it names none. */
export function portOf(authority: string): number | undefined {
  const host = hostOf(authority);
  return host.length === authority.length ? undefined : Number(authority.slice(host.length + 1));
}

/** Returns 0 when there is no valid host. */
function endOfHost(text: string): number {
  if (text.startsWith('[')) {
    const close = text.indexOf(']');
    // A zone would be accepted by isIPv6.
    return close > 0 && !text.includes('%') && isIPv6(text.slice(1, close)) ? close + 1 : 0;
  }
  let end = 0;
  while (end < text.length && HOST_OCTETS[text.charCodeAt(end)] === 1) end++;
  return end;
}

function isPort(text: string, at: number): boolean {
  if (at === text.length) return true;
  if (text.charCodeAt(at) !== COLON || text.length - at - 1 > MAX_PORT_DIGITS) return false;
  const digits = text.slice(at + 1);
  return consistsOf(digits, DIGIT_OCTETS) && Number(digits) <= MAX_PORT;
}
