import type { Channel, ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';

/** Told of each completion of a write that is seen. */
export interface WriteListener {
  onWriteCompleted(): void;
}

/**
 * Knows when a write was last completed, without a promise for those whose outcome nobody asks for.
 *
 * The completion of a write with a promise is seen at its time. Of one without, it is seen when
 * the flush has sent it at once, as it mostly does; when not, as the fall of the channel's
 * pending bytes at the next look. The time noted is then that of the look: never too early.
 */
export class WriteActivity {
  readonly #channel: Channel;
  readonly #listener: WriteListener;
  #lastMs: number;
  // What the channel had to send at the last look; 0 while no write without a promise waits.
  #pendingBytes = 0;

  constructor(channel: Channel, listener: WriteListener) {
    this.#channel = channel;
    this.#listener = listener;
    this.#lastMs = channel.clock.now();
  }

  /** When a write was last seen to be completed, by the channel's clock. */
  get lastMs(): number {
    return this.#lastMs;
  }

  write(
    ctx: ChannelHandlerContext<never, Transparent>,
    message: unknown,
    promise: ChannelPromise | undefined,
  ): void {
    this.look();
    if (promise === undefined || promise.isVoid) {
      this.#writeUnasked(ctx, message, promise);
      return;
    }
    promise.addListener(this.#completed);
    ctx.write(message, promise);
    if (this.#pendingBytes > 0) this.#pendingBytes = this.#channel.pendingOutboundBytes;
  }

  /** Notes whether anything was sent since the last look. */
  look(): void {
    if (this.#pendingBytes === 0) return;
    const before = this.#pendingBytes;
    this.#pendingBytes = this.#channel.pendingOutboundBytes;
    if (this.#pendingBytes < before) this.#completed();
  }

  /** Counts this moment as the completion of a write. */
  reset(): void {
    this.#lastMs = this.#channel.clock.turnNow();
  }

  #writeUnasked(
    ctx: ChannelHandlerContext<never, Transparent>,
    message: unknown,
    promise: ChannelPromise | undefined,
  ): void {
    const before = this.#channel.pendingOutboundBytes;
    ctx.write(message, promise);
    this.#pendingBytes = this.#channel.pendingOutboundBytes;
    // Nothing of it waits: it has failed, or was sent already.
    if (this.#pendingBytes <= before) this.#completed();
  }

  readonly #completed = (): void => {
    this.reset();
    this.#listener.onWriteCompleted();
  };
}
