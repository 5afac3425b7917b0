import type { HttpObject } from '@sluice/codec-http';
import type { Channel } from '@sluice/core';

/** Keeps a request that came before its turn; meanwhile the channel reads nothing more. */
export class HeldMessages {
  readonly #channel: Channel;
  #messages: HttpObject[] = [];
  #isHolding = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  get isHolding(): boolean {
    return this.#isHolding;
  }

  add(message: HttpObject): void {
    this.#messages.push(message);
    if (this.#isHolding) return;
    this.#isHolding = true;
    this.#channel.pauseReads();
  }

  /** Ends the holding; the caller delivers what is returned. */
  take(): readonly HttpObject[] {
    const messages = this.#messages;
    this.#messages = [];
    if (this.#isHolding) this.#channel.resumeReads();
    this.#isHolding = false;
    return messages;
  }
}
