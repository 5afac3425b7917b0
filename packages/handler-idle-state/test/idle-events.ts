import type { ChannelHandler, EmbeddedChannel } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';

/** Keeps the idle events that reach it, with their times. */
export class IdleEvents implements ChannelHandler {
  readonly seen: IdleStateEvent[] = [];
  readonly times: number[] = [];
  #taken = 0;

  userEventTriggered(ctx: { channel: EmbeddedChannel }, event: object): void {
    if (!(event instanceof IdleStateEvent)) return;
    this.seen.push(event);
    this.times.push(ctx.channel.clock.now());
  }

  /** How many have come since the last call. */
  take(): number {
    const count = this.seen.length - this.#taken;
    this.#taken = this.seen.length;
    return count;
  }
}
