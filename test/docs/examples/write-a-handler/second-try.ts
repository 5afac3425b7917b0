import type { ChannelHandlerContext, ChannelInboundHandler, Timer, Transparent } from '@sluice/core';
import { IdleStateEvent } from '@sluice/handler-idle-state';

type Context = ChannelHandlerContext<Transparent>;

export class SecondTry implements ChannelInboundHandler {
  readonly #idleMs: number;
  #timer: Timer | undefined = undefined;
  #lastReadMs = 0;
  #isReading = false;

  constructor(idleMs: number) {
    this.#idleMs = idleMs;
  }

  handlerAdded(ctx: Context): void {
    if (ctx.channel.isActive) this.#start(ctx);
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelActive(ctx: Context): void {
    this.#start(ctx);
    ctx.fireChannelActive();
  }

  channelRead(ctx: Context, message: unknown): void {
    this.#isReading = true;
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    this.#isReading = false;
    this.#lastReadMs = ctx.channel.clock.turnNow();
    ctx.fireChannelReadComplete();
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  #start(ctx: Context): void {
    if (this.#timer) return;
    this.#lastReadMs = ctx.channel.clock.turnNow();
    this.#arm(ctx, this.#idleMs);
  }

  #arm(ctx: Context, delayMs: number): void {
    this.#timer = ctx.channel.eventLoop.schedule(delayMs, () => this.#check(ctx));
  }

  #check(ctx: Context): void {
    const quietMs = this.#isReading ? 0 : ctx.channel.clock.turnNow() - this.#lastReadMs;
    const leftMs = this.#idleMs - quietMs;
    this.#arm(ctx, leftMs > 0 ? leftMs : this.#idleMs);
    if (leftMs <= 0) ctx.fireUserEventTriggered(IdleStateEvent.FIRST_READER_IDLE);
  }
}
