import { AttributeKey, ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Timer } from '@sluice/core';
import { withDefaults } from '@sluice/inject';

export class LingeringCloseOptions {
  /** Bytes of what the client still sends that are taken; what is beyond is left unread until the time is up. */
  readonly maxBytes: number = 64 * 1024;
  /** How long the client may take to close, in ms from the end of the response. */
  readonly timeoutMs: number = 1_000;
}

// To look for the handler among all of a pipeline by its class costs 5000 instructions.
const IS_LINGERING = AttributeKey.newInstance<boolean>('_lingering_close');

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

  constructor(options: Partial<LingeringCloseOptions> = {}) {
    const { maxBytes, timeoutMs } = withDefaults(LingeringCloseOptions, options);
    this.#bytesLeft = maxBytes;
    this.#timeoutMs = timeoutMs;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    ctx.channel.attr(IS_LINGERING).set(true);
    this.#timer = ctx.channel.eventLoop.schedule(this.#timeoutMs, () => ctx.channel.close());
  }

  handlerRemoved(ctx: ChannelHandlerContext): void {
    ctx.channel.attr(IS_LINGERING).set(undefined);
    this.#timer?.cancel();
    if (this.#bytesLeft < 0) ctx.channel.resumeReads();
  }

  channelRead(ctx: ChannelHandlerContext<never>, bytes: Buffer): void {
    if (this.#bytesLeft < 0) return;
    this.#bytesLeft -= bytes.length;
    // Closed at once, the reset for what is unread could overtake the response.
    if (this.#bytesLeft < 0) ctx.channel.pauseReads();
  }

  userEventTriggered(ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) ctx.channel.close();
    else ctx.fireUserEventTriggered(event);
  }
}

/**
 * Closes a channel behind its last response: ends the sending direction, and the channel when the
 * client has ended its own, or after a while. A second call changes nothing.
 */
export function closeLingering(channel: Channel, options?: Partial<LingeringCloseOptions>): void {
  if (channel.isInputShutdown) channel.close();
  else if (channel.isActive && channel.attr(IS_LINGERING).get() !== true) {
    channel.pipeline.addFirst('lingering-close', new LingeringCloseHandler(options));
    channel.shutdownOutput();
  }
}
