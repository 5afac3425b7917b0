import type { ChannelHandlerContext, ChannelInboundHandler, Timer, Transparent } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';

type Context = ChannelHandlerContext<Transparent>;

export class FirstTry implements ChannelInboundHandler {
  readonly #idleMs: number;
  #timer: Timer | undefined = undefined;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  channelActive(ctx: Context): void {
    this.#arm(ctx);
    ctx.fireChannelActive();
  }

  channelRead(ctx: Context, message: unknown): void {
    this.#arm(ctx);
    ctx.fireChannelRead(message);
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  #arm(ctx: Context): void {
    this.#timer?.cancel();
    this.#timer = ctx.channel.eventLoop.schedule(this.#idleMs, () => {
      ctx.fireUserEventTriggered(IdleStateEvent.FIRST_READER_IDLE);
    });
  }
}
