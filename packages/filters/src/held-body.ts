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

  /** Whether its end is held. */
  get isComplete(): boolean {
    return this.#chunks.at(-1)?.kind === HttpKind.last;
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

  /** Puts another piece, or none, in the place of each, up to the first that is the last. */
  change(process: (chunk: HttpContent) => HttpContent | undefined): void {
    const chunks = this.#chunks;
    this.#chunks = [];
    this.#bytes = 0;
    for (const chunk of chunks) {
      const processed = process(chunk);
      if (processed !== undefined) this.add(processed);
      if (processed?.kind === HttpKind.last) return;
    }
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
