import { HttpContent, HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpWireMessage } from '@sluice/codec-http';
import type { Channel, ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import {
  CompleteEvent,
  HttpServerLifecycleChannelHandler,
  RequestRejectedEvent,
  StartEvent,
} from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { AccessLogEntry } from './access-log-entry.ts';
import { ACCESS_LOG_FIELDS } from './access-log-fields.ts';
import { AccessLog } from './access-log.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Logs each request once, when its exchange is over: also one that was refused, and one whose
 * client has gone.
 */
@Handler({
  name: 'access-log',
  requires: [HttpServerCodec],
  after: [HttpServerLifecycleChannelHandler],
})
export class AccessLogChannelHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #log: AccessLog;
  #entry: AccessLogEntry | undefined = undefined;

  constructor(@inject(AccessLog) log: AccessLog) {
    this.#log = log;
  }

  /** An access log that is off costs nothing: the handler is not there, or leaves. */
  get isOff(): boolean {
    return this.#log.isOff;
  }

  handlerAdded(ctx: Context): void {
    if (this.isOff) ctx.pipeline.remove(ctx.name);
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    const entry = this.#entry;
    if (entry !== undefined && message instanceof HttpContent) {
      entry.requestBytes += message.data.length;
      const isEnd = message.kind === HttpKind.last && message.failure === undefined;
      if (isEnd) entry.requestEndedAt = ctx.channel.clock.turnNow();
    } else if (entry !== undefined && !(message instanceof HttpObject)) {
      entry.requestBytes += message.length;
    }
    ctx.fireChannelRead(message);
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    const entry = this.#entry;
    if (entry !== undefined) {
      if (message instanceof HttpContent) entry.responseBytes += message.data.length;
      // A head begins anew: what an interim response had is not the response's.
      else if (message instanceof HttpObject) entry.responseBytes = 0;
      else entry.responseBytes += message.length;
    }
    ctx.write(message, promise);
  }

  /** The line is written when the handlers behind this one have said what they know of the end. */
  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof StartEvent) this.#start(ctx.channel, event);
    else if (event instanceof RequestRejectedEvent) this.#rejected(event);
    const entry = event instanceof CompleteEvent ? this.#complete(ctx.channel, event) : undefined;
    ctx.fireUserEventTriggered(event);
    if (entry !== undefined) this.#write(ctx.channel, entry);
  }

  #start(channel: Channel, { request }: StartEvent): void {
    this.#entry = new AccessLogEntry(channel, request);
  }

  #rejected({ request, reason }: RequestRejectedEvent): void {
    if (this.#entry !== undefined && this.#entry.request === request) this.#entry.rejection = reason;
  }

  /** What the next request brings can't be taken for this one's any more. */
  #complete(channel: Channel, { request, response, reason }: CompleteEvent): AccessLogEntry | undefined {
    const entry = this.#entry;
    if (entry?.request !== request) return undefined;
    this.#entry = undefined;
    entry.endedAt = channel.clock.now();
    entry.response = response;
    if (response?.sendsBodyTo(request.method) === false) entry.responseBytes = 0;
    entry.reason = reason;
    entry.fields = channel.attr(ACCESS_LOG_FIELDS).getAndSet(undefined);
    return entry;
  }

  #write(channel: Channel, entry: AccessLogEntry): void {
    try {
      this.#log.log(entry);
    } catch (cause) {
      channel.logger.warn({ err: cause }, 'A line of the access log could not be made.');
    }
  }
}
