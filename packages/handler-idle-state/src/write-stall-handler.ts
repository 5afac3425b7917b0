import { PeerProgress } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler, Timer, Transparent } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { OutputProgress } from './output-progress.ts';
import { WriteTimeoutError } from './timeout-errors.ts';

/** How often it looks within the time, so that it is late by a tenth of that at most. */
const LOOKS = 10;
// After how many looks without a change the operating system is asked what it has sent: in the middle, and before the end.
const LOOKS_AT_PEER = LOOKS / 2;

/** Options of {@link WriteStallHandler}. */
export class WriteStallOptions {
  /**
   * Milliseconds for which a peer may take nothing at all of what fills the channel's buffer, or a tenth more; 0 or
   * less: any time. Default: 30 000. On Linux one that takes any bytes in each half of that is not reset, however slow
   * it is. Elsewhere a peer is seen to take bytes when a third of the system's send buffer has left: with 4 MiB of
   * that, at some 45 kB/s and more.
   */
  readonly timeoutMs: number = 30_000;
}

type Context = ChannelHandlerContext<Transparent>;

/**
 * Fires a {@link WriteTimeoutError} and resets the channel when it is unwritable and its peer takes nothing
 * more. A slow peer that goes on taking is left alone.
 *
 * It does nothing while the channel is writable: unlike a WriteTimeoutHandler it costs no write a promise.
 */
@Handler({ name: 'write-stall' })
export class WriteStallHandler implements ChannelInboundHandler {
  readonly #timeoutMs: number;
  #timer: Timer | undefined = undefined;
  /** While the channel is unwritable. */
  #output: OutputProgress | undefined = undefined;
  #peer: PeerProgress | undefined = undefined;
  #looks = 0;

  constructor(@inject(WriteStallOptions) options: Partial<WriteStallOptions> = {}) {
    this.#timeoutMs = options.timeoutMs ?? new WriteStallOptions().timeoutMs;
  }

  channelWritabilityChanged(ctx: Context): void {
    if (this.#timeoutMs > 0 && ctx.channel.isActive && !ctx.channel.isWritable) this.#watch(ctx);
    else this.#output = undefined;
    ctx.fireChannelWritabilityChanged();
  }

  channelInactive(ctx: Context): void {
    this.handlerRemoved();
    ctx.fireChannelInactive();
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#output = undefined;
  }

  /** A download comes here with each piece of it, so a timer that runs is left to: its first look comes too soon to count. */
  #watch(ctx: Context): void {
    this.#output = new OutputProgress(ctx.channel);
    this.#looks = this.#timer === undefined ? 0 : -1;
    this.#timer ??= ctx.channel.eventLoop.schedule(this.#timeoutMs / LOOKS, () => this.#look(ctx));
  }

  #look(ctx: Context): void {
    if (this.#output === undefined) {
      this.#timer = undefined;
      return;
    }
    this.#looks = this.#output.hasMoved(0) ? 0 : this.#looks + 1;
    if (this.#looks > 0 && this.#looks % LOOKS_AT_PEER === 0 && this.#peerMoves(ctx)) this.#looks = 0;
    if (this.#looks < LOOKS) this.#timer?.refresh();
    else this.#stalled(ctx);
  }

  #peerMoves({ channel }: Context): boolean {
    this.#peer ??= new PeerProgress(channel);
    return this.#peer.hasMoved();
  }

  #stalled(ctx: Context): void {
    this.#timer = undefined;
    ctx.fireExceptionCaught(new WriteTimeoutError(this.#timeoutMs));
    ctx.channel.reset();
  }
}
