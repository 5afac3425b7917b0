import type { ChannelHandlerContext, Transparent } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { IdleStateHandler } from './idle-state-handler.ts';
import { ReadTimeoutError } from './timeout-errors.ts';

/** Options of {@link ReadTimeoutHandler}. */
export class ReadTimeoutOptions {
  /** Milliseconds without a read until the channel is closed; 0 or less: never. */
  readonly timeoutMs: number = 30_000;
}

/** Fires a {@link ReadTimeoutError} and closes the channel when nothing was read for a while. */
@Handler({ name: 'read-timeout' })
export class ReadTimeoutHandler extends IdleStateHandler {
  readonly #timeoutMs: number;
  #isClosed = false;

  constructor(@inject(ReadTimeoutOptions) options: Partial<ReadTimeoutOptions> = {}) {
    const { timeoutMs } = withDefaults(ReadTimeoutOptions, options);
    super({ readerIdleMs: timeoutMs, allIdleMs: 0 });
    this.#timeoutMs = timeoutMs;
  }

  protected override channelIdle(ctx: ChannelHandlerContext<Transparent>): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    ctx.fireExceptionCaught(new ReadTimeoutError(this.#timeoutMs));
    ctx.close();
  }
}
