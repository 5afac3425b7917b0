import { Buffer } from 'node:buffer';
const HANDSHAKE_RECORD = 22;
const MAJOR_VERSION = 3;
const CLIENT_HELLO = 1;
// RFC 8446 §5.1: the plain text of a record has at most 2^14 bytes.
const MAX_RECORD_BYTES = 16_384;
const RECORD_HEADER_BYTES = 5;
const MESSAGE_HEADER_BYTES = 4;
const LONGEST_METHOD = 16;

/** What a connection begins with. `more`: it can't be told yet. */
export type Opening =
  | { readonly kind: 'more' | 'plain-http' | 'other' }
  | { readonly kind: 'client-hello'; readonly bytes: number };

const MORE: Opening = { kind: 'more' };
const PLAIN_HTTP: Opening = { kind: 'plain-http' };
const OTHER: Opening = { kind: 'other' };

/** Looks at the first bytes of a connection: a TLS ClientHello with its length, a plain HTTP request, or something else. */
export function detectOpening(bytes: Uint8Array): Opening {
  if (bytes.length === 0) return MORE;
  return bytes[0] === HANDSHAKE_RECORD ? detectClientHello(bytes) : detectHttp(bytes);
}

function detectClientHello(bytes: Uint8Array): Opening {
  const [, major, , high = 0, low = 0, type] = bytes;
  if (major !== undefined && major !== MAJOR_VERSION) return OTHER;
  if (bytes.length >= RECORD_HEADER_BYTES) {
    const recordBytes = high * 256 + low;
    if (recordBytes < MESSAGE_HEADER_BYTES || recordBytes > MAX_RECORD_BYTES) return OTHER;
  }
  if (type !== undefined && type !== CLIENT_HELLO) return OTHER;
  if (bytes.length < RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES) return MORE;
  const [a = 0, b = 0, c = 0] = bytes.subarray(RECORD_HEADER_BYTES + 1);
  return { kind: 'client-hello', bytes: (a * 256 + b) * 256 + c };
}

function detectHttp(bytes: Uint8Array): Opening {
  const start = Buffer.from(bytes.subarray(0, LONGEST_METHOD + 1)).toString('latin1');
  if (/^[A-Z]{3,16} /.test(start)) return PLAIN_HTTP;
  return /^[A-Z]{1,16}$/.test(start) ? MORE : OTHER;
}
