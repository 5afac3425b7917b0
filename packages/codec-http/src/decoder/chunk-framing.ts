import {
  BACKSLASH,
  CR,
  DQUOTE,
  EQUALS,
  LF,
  LOWER,
  SEMICOLON,
  TOKEN_OCTETS,
  VALUE_OCTETS,
} from '../grammar/octets.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';

const SIZE_START = 0;
const SIZE = 1;
const EXTENSION_NAME_START = 2;
const EXTENSION_NAME = 3;
const EXTENSION_VALUE_START = 4;
const EXTENSION_VALUE = 5;
const EXTENSION_QUOTED = 6;
const EXTENSION_ESCAPED = 7;
const EXTENSION_QUOTED_END = 8;
const LINE_LF = 9;
const DATA = 10;
const DATA_CR = 11;
const DATA_LF = 12;
const TRAILERS = 13;

const MAX_SIZE_DIGITS = 16;

/**
 * Checks the bytes between the pieces of chunked data (RFC 9112 §7.1), which the parser takes
 * without a callback: the grammar of size lines and extensions, their total size, and that the
 * data has the length that was announced. Extensions are checked and dropped, never passed on.
 */
export class ChunkFraming {
  /** Why the last `scan` or `onData` failed. */
  failure: HttpDecodeFailure = 'http1.bad_chunk';
  /** Where the trailer section begins in the bytes last scanned; -1 when it has not begun there. */
  trailersStart = -1;
  readonly #maxOverhead: number;
  #state = SIZE_START;
  #size = 0;
  #digits = 0;
  #overhead = 0;

  /** `maxOverhead`: bytes of extensions and of leading zeros allowed in one message. */
  constructor(maxOverhead: number) {
    this.#maxOverhead = maxOverhead;
  }

  /** Begins the body of a message. */
  begin(): void {
    this.failure = 'http1.bad_chunk';
    this.trailersStart = -1;
    this.#overhead = 0;
    this.#startLine();
  }

  get inTrailers(): boolean {
    return this.#state === TRAILERS;
  }

  /** The parser has found this many bytes of data. Returns whether they were announced. */
  onData(length: number): boolean {
    if (this.#state !== DATA || length > this.#size) return false;
    this.#size -= length;
    if (this.#size === 0) this.#state = DATA_CR;
    return true;
  }

  /** Checks framing bytes. Stops at the trailer section. Returns whether they are well formed. */
  scan(bytes: Buffer, start: number, end: number): boolean {
    for (let i = start; i < end && this.#state !== TRAILERS; i++) {
      if (!this.#step(bytes[i] ?? 0)) return false;
      if (this.#state === TRAILERS) this.trailersStart = i + 1;
    }
    return true;
  }

  #step(octet: number): boolean {
    switch (this.#state) {
      case SIZE_START:
      case SIZE:
        return this.#inSize(octet);
      case LINE_LF:
        return octet === LF && this.#endLine();
      case DATA_CR:
        return this.#expect(octet, CR, DATA_LF);
      case DATA_LF:
        if (octet !== LF) return false;
        this.#startLine();
        return true;
      case DATA:
        // The parser took this byte for framing: it has lost count, or we have.
        return false;
      default:
        return this.#count() && this.#inExtension(octet);
    }
  }

  #inSize(octet: number): boolean {
    const digit = hexDigit(octet);
    if (digit === -1) return this.#state === SIZE && this.#endElement(octet);
    this.#state = SIZE;
    if (this.#size === 0 && digit === 0) return this.#count();
    this.#size = this.#size * 16 + digit;
    return ++this.#digits <= MAX_SIZE_DIGITS && this.#size <= Number.MAX_SAFE_INTEGER;
  }

  #inExtension(octet: number): boolean {
    switch (this.#state) {
      case EXTENSION_NAME_START:
        return this.#expectToken(octet, EXTENSION_NAME);
      case EXTENSION_NAME:
        if (octet === EQUALS) return this.#goTo(EXTENSION_VALUE_START);
        return TOKEN_OCTETS[octet] === 1 || this.#endElement(octet);
      case EXTENSION_VALUE_START:
        return octet === DQUOTE ? this.#goTo(EXTENSION_QUOTED) : this.#expectToken(octet, EXTENSION_VALUE);
      case EXTENSION_VALUE:
        return TOKEN_OCTETS[octet] === 1 || this.#endElement(octet);
      case EXTENSION_QUOTED:
        if (octet === DQUOTE) return this.#goTo(EXTENSION_QUOTED_END);
        return octet === BACKSLASH ? this.#goTo(EXTENSION_ESCAPED) : VALUE_OCTETS[octet] === 1;
      case EXTENSION_ESCAPED:
        return VALUE_OCTETS[octet] === 1 && this.#goTo(EXTENSION_QUOTED);
      default:
        return this.#endElement(octet);
    }
  }

  #endElement(octet: number): boolean {
    if (octet === CR) return this.#goTo(LINE_LF);
    return octet === SEMICOLON && this.#goTo(EXTENSION_NAME_START);
  }

  #endLine(): boolean {
    return this.#goTo(this.#size === 0 ? TRAILERS : DATA);
  }

  #startLine(): void {
    this.#state = SIZE_START;
    this.#size = 0;
    this.#digits = 0;
  }

  #expect(octet: number, expected: number, next: number): boolean {
    return octet === expected && this.#goTo(next);
  }

  #expectToken(octet: number, next: number): boolean {
    return TOKEN_OCTETS[octet] === 1 && this.#goTo(next);
  }

  #goTo(state: number): true {
    this.#state = state;
    return true;
  }

  #count(): boolean {
    this.#overhead++;
    if (this.#overhead <= this.#maxOverhead) return true;
    this.failure = 'http1.chunk_overhead_too_large';
    return false;
  }
}

function hexDigit(octet: number): number {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = LOWER[octet] ?? 0;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
