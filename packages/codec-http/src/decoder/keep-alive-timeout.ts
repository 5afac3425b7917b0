import { latin1Slice } from '../grammar/latin1.ts';
import { DIGIT_OCTETS, spells } from '../grammar/octets.ts';

// `timeout=5, max=100`: parameters of Keep-Alive (RFC 2068 §19.7.1.1), which RFC 9112 no longer describes and servers send.
const TIMEOUT = /(?:^|[,;\s])timeout[ \t]*=[ \t]*"?(\d{1,9})(?!\d)/i;

// What most servers send is this and up to three digits: read without the text.
const PLAIN = 'timeout=';
const PLAIN_DIGITS = 3;
const ZERO = 0x30;

/** How long a server keeps the connection when nothing comes, in ms; Infinity where the value of its Keep-Alive does not say. */
export function parseKeepAliveTimeoutMs(bytes: Buffer, start: number, end: number): number {
  const seconds = plainSeconds(bytes, start, end) ?? TIMEOUT.exec(latin1Slice(bytes, start, end))?.[1];
  return seconds === undefined ? Infinity : Number(seconds) * 1000;
}

function plainSeconds(bytes: Buffer, start: number, end: number): number | undefined {
  const digits = start + PLAIN.length;
  if (end <= digits || end > digits + PLAIN_DIGITS || !spells(bytes, start, digits, PLAIN)) return undefined;
  let seconds = 0;
  for (let at = digits; at < end; at++) {
    const octet = bytes[at] ?? 0;
    if (DIGIT_OCTETS[octet] !== 1) return undefined;
    seconds = seconds * 10 + octet - ZERO;
  }
  return seconds;
}
