import type {
  ChannelFutureListener,
  ChannelHandlerContext,
  ChannelOutboundHandler,
  ChannelPromise,
  Timer,
  Transparent,
} from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { WriteTimeoutError } from './timeout-errors.ts';

/** Options of {@link WriteTimeoutHandler}. */
export class WriteTimeoutOptions {
  /** Milliseconds that each write may take, counted from `write`, not from `flush`; 0 or less: any time. */
  readonly timeoutMs: number = 30_000;
}

interface PendingWrite {
  readonly promise: ChannelPromise;
  readonly dueMs: number;
}

/**
 * Fires a {@link WriteTimeoutError} and closes the channel when a write takes too long; its
 * promise then fails with the closing.
 *
 * All writes have the same time, so the oldest is always the next to be due, and one timer
 * serves them all.
 */
@Handler({ name: 'write-timeout' })
export class WriteTimeoutHandler implements ChannelOutboundHandler {
  readonly #timeoutMs: number;
  #writes: PendingWrite[] = [];
  #timer: Timer | undefined = undefined;
  #isClosed = false;

  constructor(@inject(WriteTimeoutOptions) options: Partial<WriteTimeoutOptions> = {}) {
    this.#timeoutMs = options.timeoutMs ?? new WriteTimeoutOptions().timeoutMs;
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#writes = [];
  }

  write(
    ctx: ChannelHandlerContext<never, Transparent>,
    message: unknown,
    promise: ChannelPromise | undefined,
  ): void {
    if (!(this.#timeoutMs > 0)) {
      ctx.write(message, promise);
      return;
    }
    const observed = observedPromise(ctx, promise);
    this.#dropCompleted();
    this.#writes.push({ promise: observed, dueMs: ctx.channel.clock.now() + this.#timeoutMs });
    if (this.#timer === undefined) this.#arm(ctx, this.#timeoutMs);
    ctx.write(message, observed);
  }

  #arm(ctx: ChannelHandlerContext, delayMs: number): void {
    this.#timer = ctx.channel.eventLoop.schedule(Math.ceil(delayMs), () => this.#check(ctx));
  }

  #check(ctx: ChannelHandlerContext): void {
    this.#timer = undefined;
    this.#dropCompleted();
    const [oldest] = this.#writes;
    if (oldest === undefined || this.#isClosed) return;
    const leftMs = oldest.dueMs - ctx.channel.clock.now();
    if (leftMs > 0) this.#arm(ctx, leftMs);
    else this.#timeOut(ctx);
  }

  #timeOut(ctx: ChannelHandlerContext): void {
    this.#isClosed = true;
    ctx.fireExceptionCaught(new WriteTimeoutError(this.#timeoutMs));
    ctx.close();
  }

  #dropCompleted(): void {
    const open = this.#writes.findIndex(({ promise }) => !promise.isDone);
    if (open !== 0) this.#writes.splice(0, open < 0 ? this.#writes.length : open);
  }
}

// A write without a promise of its own still reports its failure as it would without this handler.
function observedPromise(ctx: ChannelHandlerContext, promise: ChannelPromise | undefined): ChannelPromise {
  if (promise !== undefined && !promise.isVoid) return promise;
  return ctx.newPromise().addListener(promise === undefined ? fireHandlerFailure : fireFailure);
}

const fireFailure: ChannelFutureListener = ({ isSuccess, cause, channel }) => {
  if (!isSuccess) channel.pipeline.fireExceptionCaught(cause);
};

// On an open channel it was a handler that failed; a closing one fails what waits, which nobody asked for.
const fireHandlerFailure: ChannelFutureListener = (future) => {
  if (future.channel.isOpen) fireFailure(future);
};
