import { HttpContent, HttpResponse, InputShutdownAheadEvent } from '@sluice/codec-http';
import type { HttpRequest } from '@sluice/codec-http';
import { Buffer } from 'node:buffer';
import { ChannelInputShutdownEvent } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Timer } from '@sluice/core';
import { ACCESS_LOG_FIELDS } from '@sluice/handler-access-log';
import {
  CompleteEvent,
  HttpRequestReadTimeoutEvent,
  RequestCancelledEvent,
  RequestRejectedEvent,
  StartEvent,
} from '@sluice/handler-http';
import type { CompleteReason, RequestRejectedReason } from '@sluice/handler-http';
import { IdleStateEvent, WriteTimeoutError } from '@sluice/handler-idle-state';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { ClientChannel } from './client-channel.ts';
import { ClientRequestReceiver, receivedMessage } from './client-request-receiver.ts';
import { isConnectionError, isConnectionLost } from './connection-errors.ts';
import { FilterRegistry } from '../declaration/filter-registry.ts';
import type { FilterSetUse } from '../declaration/filter-registry.ts';
import { HttpRequestMessage } from '../message/http-request-message.ts';
import { HttpResponseMessage } from '../message/http-response-message.ts';
import { RequestProcessor } from './request-processor.ts';
import { HttpStatusError } from '../error/http-status-error.ts';
import { isProxyName } from '../error/proxy-status.ts';
import { StatusCategory } from '../error/status-category.ts';
import type { StatusCategoryName } from '../error/status-category.ts';

export class ZuulFilterChainOptions {
  /** The largest request body that a filter may have buffered, in bytes. Above: 413. Default: 16 MiB. */
  readonly maxRequestBodyBytes: number = 16 * 1024 * 1024;
  /** The largest response body that a filter may have buffered, in bytes. Above: 502. Default: 16 MiB. */
  readonly maxResponseBodyBytes: number = 16 * 1024 * 1024;
  /**
   * How long a client that has closed its sending side waits for its response, or for the next
   * piece of it, in ms. A client that has gone altogether looks the same until something is sent to
   * it. Does not end a tunnel. Default: 1000.
   */
  readonly halfCloseTimeoutMs: number = 1000;
  /**
   * Who we are in the `Proxy-Status` (RFC 9209) of responses that no origin made; a token. Undefined
   * where the listener is an origin itself, which must not send the field. Default: `sluice`.
   */
  readonly proxyName: string | undefined = 'sluice';
}

/** What an exchange that was given up is called, when nothing has named its failure before. */
const CATEGORIES: { readonly [Reason in CompleteReason]?: StatusCategoryName } = {
  INACTIVE: StatusCategory.FAILURE_CLIENT_CANCELLED,
  CLOSE: StatusCategory.FAILURE_LOCAL,
  DISCONNECT: StatusCategory.FAILURE_LOCAL,
  EXCEPTION: StatusCategory.FAILURE_LOCAL,
  PIPELINE_REJECT: StatusCategory.FAILURE_CLIENT_PIPELINE_REJECT,
};

/** What an exchange is called that another handler has answered. */
const REJECTIONS: Readonly<Record<RequestRejectedReason, StatusCategoryName>> = {
  body_too_slow: StatusCategory.FAILURE_CLIENT_TIMEOUT,
  request_deadline: StatusCategory.FAILURE_CLIENT_TIMEOUT,
  pipelined_request: StatusCategory.FAILURE_CLIENT_PIPELINE_REJECT,
};

type Message = HttpRequestMessage | HttpContent | Buffer;
type Result = HttpResponse | HttpResponseMessage | HttpContent | Buffer;
type Context = ChannelHandlerContext<Result>;

/**
 * The bridge between the pipeline and the filters: requests go in as messages, responses come
 * out as messages fired on to the ClientResponseWriter.
 */
@Handler({
  name: 'zuul-filter-chain',
  requires: [ClientRequestReceiver],
  reads: [HttpRequestMessage, HttpContent, Buffer],
  fires: [HttpResponseMessage, HttpResponse, HttpContent, Buffer],
})
export class ZuulFilterChainHandler implements ChannelInboundHandler<Message, Result> {
  readonly #registry: FilterRegistry;
  readonly #options: ZuulFilterChainOptions;
  #client: ClientChannel | undefined = undefined;
  #processor: RequestProcessor | undefined = undefined;
  #filters: FilterSetUse | undefined = undefined;
  #halfCloseTimer: Timer | undefined = undefined;
  /** A request that handlers before this one have, and this one not yet. */
  #awaited: HttpRequest | undefined = undefined;

  constructor(
    @inject(FilterRegistry) registry: FilterRegistry,
    @inject(ZuulFilterChainOptions) options: ZuulFilterChainOptions,
  ) {
    const { proxyName } = options;
    if (proxyName !== undefined && !isProxyName(proxyName)) {
      throw new TypeError(`proxyName: expected a token of RFC 8941, found ${JSON.stringify(proxyName)}.`);
    }
    this.#registry = registry;
    this.#options = options;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#client = new ClientChannel(ctx as Context);
  }

  channelRead(ctx: Context, message: Message): void {
    if (message instanceof HttpContent) this.#processor?.requestContent(message);
    else if (message instanceof HttpRequestMessage) this.#start(ctx, message);
    else if (Buffer.isBuffer(message)) this.#processor?.requestTunnel(message);
    else ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    this.#processor?.requestFlush();
    ctx.fireChannelReadComplete();
  }

  channelWritabilityChanged(ctx: Context): void {
    this.#processor?.clientWritabilityChanged();
    ctx.fireChannelWritabilityChanged();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof StartEvent) this.#awaited = event.request;
    else if (event instanceof CompleteEvent) this.#completed(ctx, event);
    else if (event instanceof RequestRejectedEvent) this.#cancel(REJECTIONS[event.reason]);
    else if (event instanceof HttpRequestReadTimeoutEvent) this.#processor?.connectionFailed(readTimeout());
    else if (event instanceof IdleStateEvent) this.#processor?.connectionFailed(idleTimeout());
    else if (event instanceof RequestCancelledEvent) this.#cancel(StatusCategory.FAILURE_CLIENT_CANCELLED);
    else if (event instanceof ChannelInputShutdownEvent) this.#inputShutDown(ctx);
    else if (event instanceof InputShutdownAheadEvent) this.#limitHalfClose(ctx);
    ctx.fireUserEventTriggered(event);
  }

  channelInactive(ctx: Context): void {
    this.#cancel(StatusCategory.FAILURE_CLIENT_CANCELLED);
    ctx.fireChannelInactive();
  }

  handlerRemoved(): void {
    this.#cancel(undefined);
  }

  /**
   * An error that no handler before this one took: answered with a 500 as the last response of the
   * connection. When the connection itself has failed, nobody is there to be answered.
   */
  exceptionCaught(ctx: Context, cause: unknown): void {
    if (isConnectionLost(cause)) this.#cancel(StatusCategory.FAILURE_CLIENT_CANCELLED);
    else if (cause instanceof WriteTimeoutError)
      this.#cancel(StatusCategory.FAILURE_CLIENT_TIMEOUT, 'downstream_write_timeout');
    if (!isConnectionError(cause)) this.#receiveAwaited(ctx);
    const isAnswered = ctx.channel.isActive && this.#processor?.connectionFailed(cause);
    if (!isAnswered) ctx.fireExceptionCaught(cause);
    else ctx.channel.logger.warn({ err: cause, channel: ctx.channel.toString() }, 'A handler failed.');
  }

  #start(ctx: Context, request: HttpRequestMessage): void {
    this.#receive(request);
    // It was sent ahead: the event was fired before, or comes when it is over.
    if (ctx.channel.isInputShutdown) this.#limitHalfClose(ctx);
    this.#processor?.start();
  }

  /** The handler that has failed kept the request: there is somebody to be answered all the same. */
  #receiveAwaited({ channel }: Context): void {
    if (this.#awaited !== undefined) this.#receive(receivedMessage(channel, this.#awaited));
  }

  #receive(request: HttpRequestMessage): void {
    this.#cancel(undefined);
    this.#awaited = undefined;
    if (this.#client === undefined) return;
    this.#filters = this.#registry.acquire();
    this.#processor = new RequestProcessor(request, this.#filters, this.#client, this.#options);
  }

  #completed(ctx: Context, { reason }: CompleteEvent): void {
    const processor = this.#take();
    this.#awaited = undefined;
    if (reason === 'SESSION_COMPLETE') processor?.complete();
    else if (reason === 'CLOSE' && processor?.isTunnel) processor.cancel(undefined);
    // What is written to a client that has gone fails too.
    else processor?.cancel(CATEGORIES[ctx.channel.isActive ? reason : 'INACTIVE']);
    this.#releaseFilters();
    // An idle connection keeps nothing of the requests it has had.
    ctx.channel.attr(ACCESS_LOG_FIELDS).set(undefined);
  }

  #cancel(category: StatusCategoryName | undefined, details?: string): void {
    const processor = this.#take();
    processor?.cancel(category, details);
    this.#releaseFilters();
  }

  #releaseFilters(): void {
    if (this.#filters !== undefined) this.#registry.release(this.#filters);
    this.#filters = undefined;
  }

  #take(): RequestProcessor | undefined {
    const processor = this.#processor;
    this.#processor = undefined;
    this.#halfCloseTimer?.cancel();
    this.#halfCloseTimer = undefined;
    return processor;
  }

  #inputShutDown(ctx: Context): void {
    if (this.#processor === undefined) return;
    this.#processor.requestInputEnded();
    this.#limitHalfClose(ctx);
  }

  // RFC 9112 §9.6 lets a client close its half and wait for the response.
  #limitHalfClose({ channel }: Context): void {
    if (this.#processor === undefined) return;
    let { sendCount } = channel;
    this.#halfCloseTimer ??= channel.eventLoop.schedule(this.#options.halfCloseTimeoutMs, () => {
      if (this.#processor === undefined || this.#processor.isTunnel) return;
      const isServed = channel.sendCount !== sendCount || channel.pendingOutboundBytes > 0;
      ({ sendCount } = channel);
      if (isServed) this.#halfCloseTimer?.refresh();
      else this.#gone(channel);
    });
  }

  #gone(channel: Channel): void {
    this.#cancel(StatusCategory.FAILURE_CLIENT_CANCELLED);
    channel.close();
  }
}

function readTimeout(): HttpStatusError {
  return new HttpStatusError(408, 'The request did not arrive in time.', {
    category: StatusCategory.FAILURE_CLIENT_TIMEOUT,
    reason: 'http_request_error',
    details: 'request_overall_timeout',
    keepAlive: false,
  });
}

function idleTimeout(): HttpStatusError {
  return new HttpStatusError(504, 'Nothing happened on the connection for too long.', {
    category: StatusCategory.FAILURE_LOCAL_IDLE_TIMEOUT,
    reason: 'http_response_timeout',
    flag: 'SI',
    details: 'stream_idle_timeout',
    keepAlive: false,
  });
}
