import { HttpKind } from '@sluice/codec-http';
import type { HttpContent } from '@sluice/codec-http';

// Above this, whoever sends the body is asked to wait until the transform has taken some. In bytes.
const HIGH_WATER_MARK = 64 * 1024;

type Result = IteratorResult<HttpContent, undefined>;

interface Taker {
  resolve(result: Result): void;
  reject(cause: unknown): void;
}

/** The pieces of a body on their way to a transform, which takes them one by one. */
export class BodyInput implements AsyncIterableIterator<HttpContent, undefined> {
  readonly #onTaken: () => void;
  readonly #takers: Taker[] = [];
  #pieces: HttpContent[] = [];
  #bytes = 0;
  #isEnded = false;
  #isLeft = false;
  #failure: { readonly cause: unknown } | undefined = undefined;

  constructor(onTaken: () => void) {
    this.#onTaken = onTaken;
  }

  get isFull(): boolean {
    return this.#bytes > HIGH_WATER_MARK;
  }

  /** Whether nothing keeps the transform from going on: there is a piece, or there was the last. */
  get isReady(): boolean {
    return this.#isEnded || this.#pieces.length > 0;
  }

  push(chunk: HttpContent): void {
    if (this.#isLeft || this.#isEnded) return;
    if (chunk.kind === HttpKind.last) this.#isEnded = true;
    const taker = this.#takers.shift();
    if (taker !== undefined) {
      taker.resolve({ done: false, value: chunk });
      return;
    }
    this.#pieces.push(chunk);
    this.#bytes += chunk.data.length;
  }

  /** No more comes, and what has come is of no use: whoever waits for a piece gets the error. */
  fail(cause: unknown): void {
    this.#failure = { cause };
    this.#leave();
    for (const taker of this.#takers.splice(0)) taker.reject(cause);
  }

  next(): Promise<Result> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#bytes -= piece.data.length;
      this.#onTaken();
      return Promise.resolve({ done: false, value: piece });
    }
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors
    if (this.#failure !== undefined) return Promise.reject(this.#failure.cause);
    if (this.#isEnded || this.#isLeft) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve, reject) => this.#takers.push({ resolve, reject }));
  }

  /** The transform wants no more: what else comes is dropped. */
  return(): Promise<Result> {
    this.#leave();
    for (const taker of this.#takers.splice(0)) taker.resolve({ done: true, value: undefined });
    this.#onTaken();
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #leave(): void {
    this.#isLeft = true;
    this.#pieces = [];
    this.#bytes = 0;
  }
}
