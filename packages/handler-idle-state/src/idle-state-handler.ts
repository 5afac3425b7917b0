import { PeerProgress } from '@sluice/core';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { IdleStateEvent } from './idle-state-event.ts';
import type { IdleState } from './idle-state-event.ts';
import { IdleStateOptions } from './idle-state-options.ts';
import { IDLE_STATE_SUSPENDED } from './idle-state-suspended.ts';
import { IdleTimer } from './idle-timer.ts';
import type { IdleListener } from './idle-timer.ts';
import { OutputProgress } from './output-progress.ts';
import { WriteActivity } from './write-activity.ts';
import type { WriteListener } from './write-activity.ts';

type Context = ChannelHandlerContext<Transparent>;

/**
 * Fires an {@link IdleStateEvent} to the handlers after it when a channel was quiet for a while.
 *
 * It measures at its own place: before a decoder it sees bytes, after one messages. A burst of
 * reads counts until its channelReadComplete, a write when it is completed, failed ones too.
 * While {@link IDLE_STATE_SUSPENDED} is set no time counts as idle.
 */
@Handler({ name: 'idle-state' })
export class IdleStateHandler implements ChannelDuplexHandler, IdleListener, WriteListener {
  readonly #options: IdleStateOptions;
  #isStarted = false;
  #isReading = false;
  #lastReadMs = 0;
  #ctx: Context | undefined = undefined;
  // What was sent while no write was completed; only where the options ask for it.
  #outputOfWriter: OutputProgress | undefined = undefined;
  #outputOfAll: OutputProgress | undefined = undefined;
  #writes: WriteActivity | undefined = undefined;
  #peer: PeerProgress | undefined = undefined;
  #reader: IdleTimer | undefined = undefined;
  #writer: IdleTimer | undefined = undefined;
  #all: IdleTimer | undefined = undefined;

  constructor(@inject(IdleStateOptions) options: Partial<IdleStateOptions> = {}) {
    this.#options = withDefaults(IdleStateOptions, options);
  }

  handlerAdded(ctx: Context): void {
    if (ctx.channel.isActive && ctx.channel.isRegistered) this.#start(ctx);
  }

  handlerRemoved(): void {
    this.#stop();
  }

  channelRegistered(ctx: Context): void {
    if (ctx.channel.isActive) this.#start(ctx);
    ctx.fireChannelRegistered();
  }

  channelActive(ctx: Context): void {
    this.#start(ctx);
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    this.#stop();
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, message: unknown): void {
    this.#isReading = true;
    this.#reader?.restart();
    this.#all?.restart();
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    if (this.#isReading) this.resetReadTimeout();
    ctx.fireChannelReadComplete();
  }

  write(
    ctx: ChannelHandlerContext<never, Transparent>,
    message: unknown,
    promise: ChannelPromise | undefined,
  ): void {
    if (this.#writes === undefined) ctx.write(message, promise);
    else this.#writes.write(ctx, message, promise);
  }

  flush(ctx: Context): void {
    ctx.flush();
    this.#writes?.look();
  }

  /** Counts this moment as the end of a read. */
  resetReadTimeout(): void {
    this.#isReading = false;
    this.#lastReadMs = this.#now();
  }

  /** Counts this moment as the completion of a write. */
  resetWriteTimeout(): void {
    this.#writes?.reset();
  }

  /** Chooses the event for an idle time. */
  protected newIdleStateEvent(state: IdleState, isFirst: boolean): IdleStateEvent {
    return IdleStateEvent.of(state, isFirst);
  }

  /** Acts on an idle time. */
  protected channelIdle(ctx: Context, event: IdleStateEvent): void {
    ctx.fireUserEventTriggered(event);
  }

  /** @internal */
  quietMs(state: IdleState): number {
    if (this.#ctx?.channel.attr(IDLE_STATE_SUSPENDED).get() === true) return 0;
    if (state === 'READER_IDLE') return this.#sinceRead();
    if (state === 'WRITER_IDLE') return this.#sinceWrite();
    return Math.min(this.#sinceRead(), this.#sinceWrite());
  }

  /** @internal */
  onIdle(state: IdleState, isFirst: boolean): void {
    if (state !== 'READER_IDLE' && this.#isTaken()) return;
    const output = state === 'WRITER_IDLE' ? this.#outputOfWriter : this.#outputOfAll;
    const hasMoved = state !== 'READER_IDLE' && output?.hasMoved(this.#writes?.lastMs ?? 0) === true;
    if (this.#ctx !== undefined && (isFirst || !hasMoved)) this.#fire(this.#ctx, state, isFirst);
  }

  /** @internal */
  onWriteCompleted(): void {
    this.#writer?.restart();
    this.#all?.restart();
  }

  #start(ctx: Context): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#ctx = ctx;
    this.#lastReadMs = this.#now();
    const { readerIdleMs, writerIdleMs, allIdleMs, observeOutput } = this.#options;
    if (writerIdleMs > 0 || allIdleMs > 0) this.#writes = new WriteActivity(ctx.channel, this);
    if (observeOutput && writerIdleMs > 0) this.#outputOfWriter = new OutputProgress(ctx.channel);
    if (observeOutput && allIdleMs > 0) this.#outputOfAll = new OutputProgress(ctx.channel);
    this.#reader = this.#watch(ctx, readerIdleMs, 'READER_IDLE');
    this.#writer = this.#watch(ctx, writerIdleMs, 'WRITER_IDLE');
    this.#all = this.#watch(ctx, allIdleMs, 'ALL_IDLE');
  }

  // A handler that was stopped stays so: its channel is gone, or it has left the pipeline.
  #stop(): void {
    this.#isStarted = true;
    this.#reader?.cancel();
    this.#writer?.cancel();
    this.#all?.cancel();
  }

  #watch(ctx: Context, timeoutMs: number, state: IdleState): IdleTimer | undefined {
    if (!(timeoutMs > 0)) return undefined;
    return new IdleTimer(ctx.channel.eventLoop, Math.max(1, timeoutMs), state, this);
  }

  #fire(ctx: Context, state: IdleState, isFirst: boolean): void {
    if (!ctx.channel.isOpen) return;
    try {
      this.channelIdle(ctx, this.newIdleStateEvent(state, isFirst));
    } catch (cause) {
      ctx.fireExceptionCaught(cause);
    }
  }

  // Whether a peer that is slow still takes what waits for it, or is asked about it for the first time.
  #isTaken(): boolean {
    const channel = this.#ctx?.channel;
    if (channel === undefined || channel.pendingOutboundBytes === 0) return false;
    const isFirst = this.#peer === undefined && channel.unacknowledgedBytes !== undefined;
    this.#peer ??= new PeerProgress(channel);
    const isTaken = this.#peer.hasMoved() || isFirst;
    if (!isTaken) return false;
    this.resetWriteTimeout();
    this.onWriteCompleted();
    return true;
  }

  #sinceRead(): number {
    return this.#isReading ? 0 : this.#now() - this.#lastReadMs;
  }

  #sinceWrite(): number {
    this.#writes?.look();
    return this.#now() - (this.#writes?.lastMs ?? 0);
  }

  #now(): number {
    return this.#ctx?.channel.clock.turnNow() ?? 0;
  }
}
