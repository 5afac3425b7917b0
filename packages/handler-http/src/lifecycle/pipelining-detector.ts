import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';

/**
 * Stands before the codec and knows whether a request was on its way before the response to the
 * one before it was complete.
 *
 * A codec that takes one request at a time hides that. It shows in the reads: such a request needs
 * none after the end of the response, or bytes came between the end of the request before and then.
 */
export class PipeliningDetector implements ChannelInboundHandler<Buffer> {
  #reads = 0;
  #readsAtRequestEnd = 0;
  #readsAtResponseEnd = -1;

  channelRead(ctx: ChannelHandlerContext<Buffer>, bytes: Buffer): void {
    this.#reads++;
    ctx.fireChannelRead(bytes);
  }

  requestEnded(): void {
    this.#readsAtRequestEnd = this.#reads;
  }

  responseEnded(): void {
    this.#readsAtResponseEnd = this.#reads;
  }

  /** Asked when the head of a request has been received. */
  get isPipelined(): boolean {
    if (this.#readsAtResponseEnd < 0) return false;
    return this.#reads === this.#readsAtResponseEnd || this.#readsAtResponseEnd > this.#readsAtRequestEnd;
  }
}
