import { Buffer } from 'node:buffer';

/** Lines that are written together, and how far that has come. */
export class LineBatch {
  readonly #lines: readonly string[];
  readonly #bytes: Buffer;
  #written = 0;

  constructor(lines: readonly string[]) {
    this.#lines = lines;
    this.#bytes = Buffer.from(lines.join(''), 'latin1');
  }

  get length(): number {
    return this.#bytes.length;
  }

  /** What is not written. */
  get rest(): Buffer {
    return this.#bytes.subarray(this.#written);
  }

  get isWritten(): boolean {
    return this.#written === this.#bytes.length;
  }

  /** So many bytes more are written. */
  took(bytes: number): void {
    this.#written += bytes;
  }

  /** How many lines are not written whole. */
  get unwrittenLines(): number {
    let end = 0;
    const first = this.#lines.findIndex((line) => (end += line.length) > this.#written);
    return first < 0 ? 0 : this.#lines.length - first;
  }
}
