import type { HttpRequest } from '@sluice/codec-http';
import type { Channel, Timer } from '@sluice/core';

// What is longer costs more to read than another connection.
const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 1_000;

/**
 * Waits for the rest of a body that nobody needs, since the connection can go on behind it: for what
 * has come together with the head, and for a small body of a known length for a second.
 */
export class UnneededBody {
  #timer: Timer | undefined = undefined;
  #isOver = false;

  /** `onTimeout`: it is not awaited any more. */
  constructor({ eventLoop }: Channel, { framing, contentLength }: HttpRequest, onTimeout: () => void) {
    const isSmall = framing === 'length' && contentLength <= MAX_BYTES;
    eventLoop.execute(() => {
      if (this.#isOver) return;
      if (isSmall) this.#timer = eventLoop.schedule(TIMEOUT_MS, onTimeout);
      else onTimeout();
    });
  }

  /** It has come, or is not of interest. */
  cancel(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}
