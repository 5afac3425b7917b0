import { FramingError } from './framing-error.ts';

const LF = 0x0a;
const MAX_LINE_BYTES = 4096;
const SIZE_LINE = /^([0-9a-f]{1,8})[ \t]*(?:;[^\r]*)?\r$/i;

/** Finds the end of a chunked body (RFC 9112 §7.1), however the bytes are cut; it keeps only the length. */
export class ChunkedBody {
  readonly #onData: (data: Buffer) => void;
  #expects: 'size' | 'data' | 'data-end' | 'trailer' = 'size';
  #line = '';
  #dataLeft = 0;
  #bodyBytes = 0;
  #isComplete = false;

  constructor(onData: (data: Buffer) => void = () => {}) {
    this.#onData = onData;
  }

  /** Length of the decoded body so far, in bytes. */
  get bodyBytes(): number {
    return this.#bodyBytes;
  }

  /** Whether the last chunk and the trailer section were read. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Consumes `bytes` from `start` and returns the first position that is not part of this body. */
  read(bytes: Buffer, start: number): number {
    let at = start;
    while (at < bytes.length && !this.#isComplete) {
      at = this.#expects === 'data' ? this.#skipData(bytes, at) : this.#readLine(bytes, at);
    }
    return at;
  }

  #skipData(bytes: Buffer, start: number): number {
    const count = Math.min(this.#dataLeft, bytes.length - start);
    this.#onData(bytes.subarray(start, start + count));
    this.#dataLeft -= count;
    this.#bodyBytes += count;
    if (this.#dataLeft === 0) this.#expects = 'data-end';
    return start + count;
  }

  #readLine(bytes: Buffer, start: number): number {
    const lineFeed = bytes.indexOf(LF, start);
    const end = lineFeed === -1 ? bytes.length : lineFeed;
    this.#line += bytes.toString('latin1', start, end);
    if (this.#line.length > MAX_LINE_BYTES) throw new FramingError('a line of a chunked body is too long');
    if (lineFeed === -1) return end;
    const line = this.#line;
    this.#line = '';
    this.#acceptLine(line);
    return end + 1;
  }

  #acceptLine(line: string): void {
    if (this.#expects === 'size') return this.#acceptSize(line);
    if (this.#expects === 'trailer') {
      this.#isComplete = line === '\r';
      return;
    }
    if (line !== '\r') throw new FramingError('chunk data is longer than its size');
    this.#expects = 'size';
  }

  #acceptSize(line: string): void {
    const digits = SIZE_LINE.exec(line)?.[1];
    if (digits === undefined) throw new FramingError(`not a chunk size: ${JSON.stringify(line)}`);
    this.#dataLeft = Number.parseInt(digits, 16);
    this.#expects = this.#dataLeft === 0 ? 'trailer' : 'data';
  }
}
