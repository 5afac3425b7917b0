import { AttributeKey } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { CompleteEvent, HttpServerLifecycleChannelHandler, StartEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';

export class RequestLogOptions {
  /** Takes a line for each request. Default: standard output. */
  readonly write: (line: string) => void = console.log;
}

const STARTED_AT = new AttributeKey<number>('request-log:startedAt');

/** Writes a line for each request, however it ended: `GET 200 12ms SESSION_COMPLETE`. */
@Handler({ name: 'request-log', sharable: true, requires: [HttpServerLifecycleChannelHandler] })
export class RequestLogHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #write: (line: string) => void;

  constructor(@inject(RequestLogOptions) { write }: RequestLogOptions = new RequestLogOptions()) {
    this.#write = write;
  }

  userEventTriggered(ctx: ChannelHandlerContext<Transparent>, event: object): void {
    const { channel } = ctx;
    const now = channel.clock.now();
    if (event instanceof StartEvent) channel.attr(STARTED_AT).set(now);
    if (event instanceof CompleteEvent) {
      const ms = Math.round(now - (channel.attr(STARTED_AT).get() ?? now));
      this.#write(`${event.request.method} ${event.response?.status ?? '-'} ${ms}ms ${event.reason}`);
    }
    ctx.fireUserEventTriggered(event);
  }
}
