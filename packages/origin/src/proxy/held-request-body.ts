import type { HttpContent } from '@sluice/codec-http';
import type { UpstreamRequest } from './upstream-request.ts';

/**
 * What has been received of the body of a request and is to be sent, or to be sent again: all of
 * it until the request has begun to leave, and after that up to a limit.
 */
export class HeldRequestBody {
  readonly #maxReplayBytes: number;
  #chunks: HttpContent[] = [];
  #bytes = 0;
  #isWhole = true;

  constructor(maxReplayBytes: number) {
    this.#maxReplayBytes = maxReplayBytes;
  }

  /** Bytes that are held. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Whether everything that was received is still here. */
  get isWhole(): boolean {
    return this.#isWhole;
  }

  /** Takes a piece that could not be sent yet. */
  hold(chunk: HttpContent): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.data.length;
  }

  /** Takes a piece that is written at once, to send it again if need be. */
  keep(chunk: HttpContent): void {
    if (this.#isWhole) this.hold(chunk);
  }

  /** Writes everything. */
  sendTo(attempt: UpstreamRequest): void {
    for (const chunk of this.#chunks) attempt.write(chunk);
  }

  /** Forgets what is more than may be kept once the request has begun to leave. */
  forgetSent(attempt: UpstreamRequest): void {
    if (this.#bytes <= this.#maxReplayBytes || !attempt.hasLeft) return;
    this.#isWhole = false;
    this.#chunks = [];
    this.#bytes = 0;
  }
}
