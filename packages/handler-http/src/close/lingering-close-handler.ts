import { AttributeKey, ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { IDLE_STATE_SUSPENDED } from '@sluice/handler-idle-state';
import { withDefaults } from '@sluice/inject';
import { DeadlineTimer } from '../timeout/deadline-timer.ts';

export class LingeringCloseOptions {
  /** How long the client may neither send anything nor close, in ms. */
  readonly timeoutMs: number = 5_000;
  /** How long it may go on sending, in ms from the end of the response. */
  readonly totalMs: number = 30_000;
}

// To look for the handler among all of a pipeline by its class costs 5000 instructions.
const IS_LINGERING = AttributeKey.newInstance<boolean>('_lingering_close');

/**
 * Takes and drops what a client still sends after the response that closes the connection.
 *
 * Closing a socket with unread bytes makes the system send a reset, which can destroy the response
 * before the client has read it (RFC 9112 §9.6), and fails a client that reads only when it has
 * sent all. There is no limit to the bytes: none of them are kept.
 */
export class LingeringCloseHandler implements ChannelInboundHandler<Buffer, never> {
  readonly #timeoutMs: number;
  readonly #totalMs: number;
  #endsAtMs = 0;
  #timer: DeadlineTimer | undefined = undefined;

  constructor(options: Partial<LingeringCloseOptions> = {}) {
    const { timeoutMs, totalMs } = withDefaults(LingeringCloseOptions, options);
    this.#timeoutMs = timeoutMs;
    this.#totalMs = totalMs;
  }

  handlerAdded({ channel }: ChannelHandlerContext): void {
    channel.attr(IS_LINGERING).set(true);
    channel.attr(IDLE_STATE_SUSPENDED).set(true);
    this.#endsAtMs = channel.clock.turnNow() + this.#totalMs;
    this.#timer = new DeadlineTimer(channel, () => channel.close());
    this.#await(channel);
  }

  handlerRemoved({ channel }: ChannelHandlerContext): void {
    channel.attr(IS_LINGERING).set(undefined);
    channel.attr(IDLE_STATE_SUSPENDED).set(undefined);
    this.#timer?.cancel();
  }

  channelRead({ channel }: ChannelHandlerContext<never>): void {
    this.#await(channel);
  }

  userEventTriggered(ctx: ChannelHandlerContext<never>, event: object): void {
    if (event instanceof ChannelInputShutdownEvent) ctx.channel.close();
    else ctx.fireUserEventTriggered(event);
  }

  #await(channel: Channel): void {
    this.#timer?.start(Math.min(this.#timeoutMs, this.#endsAtMs - channel.clock.turnNow()));
  }
}

/** Whether what the client sends is dropped, behind the last response: no handler misses it. */
export function isLingering(channel: Channel): boolean {
  return channel.attr(IS_LINGERING).get() === true;
}

/**
 * Closes a channel behind its last response: ends the sending direction, and the channel when the
 * client has ended its own, or after a while. A second call changes nothing.
 */
export function closeLingering(channel: Channel, options?: Partial<LingeringCloseOptions>): void {
  if (channel.isInputShutdown) channel.close();
  else if (channel.isActive && !isLingering(channel)) {
    channel.pipeline.addFirst('lingering-close', new LingeringCloseHandler(options));
    channel.shutdownOutput();
  }
}
