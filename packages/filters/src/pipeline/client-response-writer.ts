import { Buffer } from 'node:buffer';
import { HttpContent, HttpObject, HttpResponse } from '@sluice/codec-http';
import { ChannelInputShutdownEvent, SluiceError } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { closeLingering, CompleteEvent, StartEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { isConnectionError } from './connection-errors.ts';
import { HttpResponseMessage } from '../message/http-response-message.ts';
import { addDate } from './response-date.ts';
import { ZuulFilterChainHandler } from './zuul-filter-chain-handler.ts';

type Message = HttpResponse | HttpResponseMessage | HttpContent | Buffer;
type Context = ChannelHandlerContext<never, HttpResponse | HttpContent | Buffer>;

/**
 * The far end of the server pipeline: what the filters give as a response is written from here
 * towards the client. Closes the connection after a response that says so.
 */
@Handler({
  name: 'client-response-writer',
  requires: [ZuulFilterChainHandler],
  reads: [HttpResponseMessage, HttpResponse, HttpContent, Buffer],
})
export class ClientResponseWriter implements ChannelInboundHandler<Message, never> {
  #isHandlingRequest = false;
  /** Whether the client has sent the last of its requests. The channel may know of the end before they are served. */
  #isInputShutdown = false;

  channelRead(ctx: Context, message: Message): void {
    const wire = message instanceof HttpResponseMessage ? message.outboundResponse : message;
    if (wire instanceof HttpResponse) addDate(wire, ctx.channel.clock);
    if (wire instanceof HttpObject || Buffer.isBuffer(wire)) ctx.write(wire);
    else ctx.fireChannelRead(wire);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof StartEvent) this.#isHandlingRequest = true;
    else if (event instanceof CompleteEvent) this.#completed(ctx, event);
    else if (event instanceof ChannelInputShutdownEvent) this.#inputShutDown(ctx);
    ctx.fireUserEventTriggered(event);
  }

  /** Nothing more can be said to the client; whatever was under way ends with the connection. */
  exceptionCaught(ctx: Context, cause: unknown): void {
    const fields = { err: cause, channel: ctx.channel.toString() };
    if (cause instanceof SluiceError) ctx.channel.logger.warn(fields, 'A response could not be written.');
    else if (isConnectionError(cause)) ctx.channel.logger.debug(fields, 'A client connection failed.');
    else ctx.channel.logger.warn(fields, 'A handler failed.');
    ctx.channel.close();
  }

  #completed(ctx: Context, event: CompleteEvent): void {
    this.#isHandlingRequest = false;
    if (event.reason === 'SESSION_COMPLETE' && (this.#isInputShutdown || isLast(event)))
      closeLingering(ctx.channel);
  }

  #inputShutDown(ctx: Context): void {
    this.#isInputShutdown = true;
    if (!this.#isHandlingRequest) ctx.channel.close();
  }
}

function isLast({ request, response, isRequestComplete }: CompleteEvent): boolean {
  const isReusable = isRequestComplete && request.keepAlive && response?.keepAlive === true;
  return !isReusable || request.failure !== undefined;
}
