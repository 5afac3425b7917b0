import { Buffer } from 'node:buffer';
import { HttpKind, LastHttpContent } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';

/** The pieces of a body that wait for a filter, in their order. */
export class HeldBody {
  #chunks: HttpContent[] = [];
  #taken = 0;
  #bytes = 0;

  /** What is held, in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  add(chunk: HttpContent): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.data.length;
  }

  /** The first piece, which is held no longer; undefined when none is left. */
  take(): HttpContent | undefined {
    const chunk = this.#chunks[this.#taken];
    if (chunk === undefined) return undefined;
    this.#taken++;
    this.#bytes -= chunk.data.length;
    return chunk;
  }

  /** All that was held, which is held no longer. */
  clear(): readonly HttpContent[] {
    const chunks = this.#chunks.slice(this.#taken);
    this.#chunks = [];
    this.#taken = 0;
    this.#bytes = 0;
    return chunks;
  }

  /** The whole body as one buffer. The pieces become one, so that it is kept once. */
  join(): Buffer {
    const [first] = this.#chunks;
    if (first === undefined || this.#chunks.length === 1) return first?.data ?? Buffer.alloc(0);
    const body = Buffer.concat(this.#chunks.map(({ data }) => data));
    const last = this.#chunks.at(-1);
    const trailers = last?.kind === HttpKind.last ? (last as LastHttpContent).trailers : undefined;
    this.#chunks = [new LastHttpContent(body, trailers)];
    return body;
  }
}
