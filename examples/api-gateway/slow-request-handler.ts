import type {
  Channel,
  ChannelHandlerContext,
  ChannelInboundHandler,
  Logger,
  Transparent,
} from '@sluice/core';
import { AttributeKey } from '@sluice/core';
import { LOGGER } from '@sluice/gateway';
import { CompleteEvent, HttpServerLifecycleChannelHandler, StartEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';

export class SlowRequestOptions {
  /** A request that takes so long is logged, in milliseconds. */
  readonly slowMs: number = 1_000;
}

const STARTED_AT = new AttributeKey<number>('slow-request:startedAt');

/** Logs the requests that took long, however they ended. One for all connections: what it knows of one is on its channel. */
@Handler({ name: 'slow-request', sharable: true, requires: [HttpServerLifecycleChannelHandler] })
export class SlowRequestHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #slowMs: number;
  readonly #logger: Logger;

  constructor(@inject(SlowRequestOptions) { slowMs }: SlowRequestOptions, @inject(LOGGER) logger: Logger) {
    this.#slowMs = slowMs;
    this.#logger = logger;
  }

  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    const { channel } = ctx;
    if (event instanceof StartEvent) channel.attr(STARTED_AT).set(channel.clock.now());
    if (event instanceof CompleteEvent) this.#note(channel, event);
    ctx.fireUserEventTriggered(event);
  }

  #note(channel: Channel, { request, reason }: CompleteEvent): void {
    const now = channel.clock.now();
    const ms = Math.round(now - (channel.attr(STARTED_AT).get() ?? now));
    if (ms >= this.#slowMs) this.#logger.warn({ method: request.method, ms, reason }, 'A request was slow.');
  }
}
