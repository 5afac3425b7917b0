import { ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Timer } from '@sluice/core';

export interface LingeringCloseOptions {
  /** Bytes that the client may still send until the connection is closed. Default: 256 KiB. */
  readonly maxBytes?: number;
  /** How long the client may take to close, in ms. Default: 1000. */
  readonly timeoutMs?: number;
}

/**
 * Takes and drops what a client still sends after the response that closes the connection.
 *
 * Closing a socket with unread bytes makes the system send a reset, which can destroy the response
 * before the client has read it (RFC 9112 §9.6).
 */
export class LingeringCloseHandler implements ChannelInboundHandler<Buffer, never> {
  readonly #timeoutMs: number;
  #bytesLeft: number;
  #timer: Timer | undefined = undefined;

  constructor({ maxBytes = 256 * 1024, timeoutMs = 1000 }: LingeringCloseOptions = {}) {
    this.#bytesLeft = maxBytes;
    this.#timeoutMs = timeoutMs;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#timer = ctx.channel.eventLoop.schedule(this.#timeoutMs, () => ctx.channel.close());
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelRead(ctx: ChannelHandlerContext<never>, bytes: Buffer): void {
    this.#bytesLeft -= bytes.length;
    if (this.#bytesLeft < 0) ctx.channel.close();
  }

  userEventTriggered(ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) ctx.channel.close();
    else ctx.fireUserEventTriggered(event);
  }
}

/** Ends the sending direction and closes the channel when the client has, or after a while. */
export function closeLingering(channel: Channel, options?: LingeringCloseOptions): void {
  if (!channel.isActive) return;
  channel.pipeline.addFirst('lingering-close', new LingeringCloseHandler(options));
  channel.shutdownOutput();
}
