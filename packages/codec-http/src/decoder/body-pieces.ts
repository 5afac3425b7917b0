import { Buffer } from 'node:buffer';
import { HttpContent } from '../message/http-content.ts';

/** Pieces smaller than this on average are gathered, for an object each would cost more than the copy. */
const SMALL_PIECE_BYTES = 1024;

/** The pieces of chunked data that one run of the parser has found in a chunk of input. */
export class BodyPieces {
  readonly #offsets: number[] = [];
  #bytes = 0;

  add(start: number, end: number): void {
    this.#offsets.push(start, end);
    this.#bytes += end - start;
  }

  /** Takes the piece when there is no other; undefined when there are more or none. */
  takeOnly(chunk: Buffer): Buffer | undefined {
    if (this.#offsets.length !== 2) return undefined;
    const data = chunk.subarray(this.#offsets[0], this.#offsets[1]);
    this.#clear();
    return data;
  }

  /** Hands the pieces over as contents: slices of the chunk, or one copy when they are many and small. */
  emit(chunk: Buffer, listener: { onContent(content: HttpContent): void }): void {
    const offsets = this.#offsets;
    if (offsets.length === 0) return;
    const datas = this.#areSmall() ? [this.#gather(chunk)] : this.#slices(chunk);
    this.#clear();
    for (const data of datas) listener.onContent(new HttpContent(data));
  }

  #areSmall(): boolean {
    return this.#offsets.length > 2 && this.#bytes / (this.#offsets.length / 2) < SMALL_PIECE_BYTES;
  }

  #gather(chunk: Buffer): Buffer {
    const data = Buffer.allocUnsafe(this.#bytes);
    let at = 0;
    for (let i = 0; i < this.#offsets.length; i += 2) {
      at += chunk.copy(data, at, this.#offsets[i], this.#offsets[i + 1]);
    }
    return data;
  }

  #slices(chunk: Buffer): Buffer[] {
    const slices: Buffer[] = [];
    for (let i = 0; i < this.#offsets.length; i += 2) {
      slices.push(chunk.subarray(this.#offsets[i], this.#offsets[i + 1]));
    }
    return slices;
  }

  #clear(): void {
    this.#offsets.length = 0;
    this.#bytes = 0;
  }
}
