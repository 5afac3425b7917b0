import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { IdleStateEvent } from './idle-state-event.ts';
import { IdleStateHandler } from './idle-state-handler.ts';

/** Options of {@link CloseOnIdleStateHandler}. */
export class CloseOnIdleStateOptions {
  /** Called for each channel closed here: the place to count them. */
  readonly onClose: (channel: Channel, event: IdleStateEvent) => void = () => {};
}

/** Closes a channel that has gone idle, after the handlers behind it have had their say: one may still answer a waiting request. */
@Handler({ name: 'close-on-idle-state', sharable: true, after: [IdleStateHandler] })
export class CloseOnIdleStateHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #onClose: CloseOnIdleStateOptions['onClose'];

  constructor(@inject(CloseOnIdleStateOptions) options: Partial<CloseOnIdleStateOptions> = {}) {
    this.#onClose = options.onClose ?? new CloseOnIdleStateOptions().onClose;
  }

  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    ctx.fireUserEventTriggered(event);
    if (!(event instanceof IdleStateEvent)) return;
    ctx.close();
    this.#onClose(ctx.channel, event);
  }
}
