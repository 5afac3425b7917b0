import { Buffer } from 'node:buffer';
import { CR, LF, SP, TOKEN_OCTETS } from '../grammar/octets.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';

const VERSION = Buffer.from('HTTP/1.', 'latin1');
/** SP, "HTTP/1.x", CR and LF: what stands between the target and the first field. */
const TAIL_LENGTH = 11;

/**
 * Checks the request line around the target that the parser found (RFC 9112 §3): one SP before
 * and after it, the version, and CRLF. Returns the minor version or why it must be refused.
 */
export function checkRequestLine(
  bytes: Buffer,
  origin: number,
  targetStart: number,
  targetEnd: number,
): 0 | 1 | HttpDecodeFailure {
  if (targetStart === -1 || !isMethodThenSpace(bytes, origin, targetStart)) return 'http1.bad_request_line';
  if (bytes[targetEnd] !== SP || bytes[targetEnd + 1] !== VERSION[0]) return 'http1.bad_request_line';
  for (let i = 1; i < VERSION.length; i++) {
    if (bytes[targetEnd + 1 + i] !== VERSION[i]) return 'http1.bad_version';
  }
  const minor = (bytes[targetEnd + 8] ?? 0) - 0x30;
  if (minor !== 0 && minor !== 1) return 'http1.bad_version';
  if (bytes[targetEnd + 9] !== CR || bytes[targetEnd + 10] !== LF) return 'http1.bad_request_line';
  return minor;
}

/** The length of the line with its CRLF, for a line that `checkRequestLine` found well formed. */
export function requestLineLength(origin: number, targetEnd: number): number {
  return targetEnd + TAIL_LENGTH - origin;
}

function isMethodThenSpace(bytes: Buffer, origin: number, targetStart: number): boolean {
  for (let i = origin; i < targetStart - 1; i++) if (TOKEN_OCTETS[bytes[i] ?? 0] !== 1) return false;
  return bytes[targetStart - 1] === SP;
}

/** Whether the octets are a request line of HTTP/1 with its CRLF, whatever the method. */
export function isRequestLine(bytes: Buffer, start: number, end: number): boolean {
  const targetStart = bytes.indexOf(SP, start) + 1;
  const targetEnd = bytes.indexOf(SP, targetStart);
  const hasParts = targetStart > start + 1 && targetEnd > targetStart && targetEnd + TAIL_LENGTH === end;
  return hasParts && typeof checkRequestLine(bytes, start, targetStart, targetEnd) === 'number';
}
