import { Buffer } from 'node:buffer';
import { latin1Slice } from '../grammar/latin1.ts';
import { consistsOf, CR, LF, SP, VALUE_OCTETS } from '../grammar/octets.ts';
import { reasonPhraseOf } from '../message/reason-phrases.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';

const VERSION = Buffer.from('HTTP/1.', 'latin1');
const STATUS_OFFSET = 9;
const REASON_OFFSET = 13;
const MIN_STATUS = 100;
const MAX_STATUS = 599;

/** Reads `HTTP/1.x SP` at the start of a response (RFC 9112 §4): the minor version. */
export function readVersion(bytes: Buffer, origin: number): 0 | 1 | HttpDecodeFailure {
  for (let i = 0; i < VERSION.length; i++) if (bytes[origin + i] !== VERSION[i]) return 'http1.bad_version';
  const minor = (bytes[origin + VERSION.length] ?? 0) - 0x30;
  if ((minor !== 0 && minor !== 1) || bytes[origin + STATUS_OFFSET - 1] !== SP) return 'http1.bad_version';
  return minor;
}

/** Reads the status: three digits, from 100 to 599; undefined for anything else. */
export function readStatus(bytes: Buffer, origin: number): number | undefined {
  let status = 0;
  for (let i = 0; i < 3; i++) {
    const digit = (bytes[origin + STATUS_OFFSET + i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    status = status * 10 + digit;
  }
  const next = bytes[origin + REASON_OFFSET - 1];
  return status >= MIN_STATUS && status <= MAX_STATUS && (next === SP || next === CR) ? status : undefined;
}

/**
 * Reads the reason phrase; undefined when the rest of the status line is malformed. It may be
 * missing, and the SP before it too, as many servers have it. `end` is -1 when there is none.
 */
export function readReason(bytes: Buffer, origin: number, end: number, status: number): string | undefined {
  const start = origin + REASON_OFFSET;
  const lineEnd = end === -1 ? start - 1 : end;
  if (bytes[lineEnd] !== CR || bytes[lineEnd + 1] !== LF) return undefined;
  if (lineEnd <= start) return '';
  const usual = reasonPhraseOf(status);
  if (isText(bytes, start, lineEnd, usual)) return usual;
  const reason = latin1Slice(bytes, start, lineEnd);
  return consistsOf(reason, VALUE_OCTETS) ? reason : undefined;
}

function isText(bytes: Buffer, start: number, end: number, text: string): boolean {
  if (end - start !== text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
