import { HttpContent } from '@sluice/codec-http';
import type { HttpResponse } from '@sluice/codec-http';
import { ChannelInputShutdownEvent } from '@sluice/core';
import type { ChannelHandlerContext, ChannelInboundHandler, Timer } from '@sluice/core';
import { CompleteEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { ClientChannel } from './client-channel.ts';
import { ClientRequestReceiver } from './client-request-receiver.ts';
import { FilterRegistry } from './filter-registry.ts';
import { HttpRequestMessage } from './http-request-message.ts';
import type { HttpResponseMessage } from './http-response-message.ts';
import { RequestProcessor } from './request-processor.ts';

export class ZuulFilterChainOptions {
  /** The largest request body that a filter may have buffered, in bytes. Above: 413. Default: 16 MiB. */
  readonly maxRequestBodyBytes: number = 16 * 1024 * 1024;
  /** The largest response body that a filter may have buffered, in bytes. Above: 502. Default: 16 MiB. */
  readonly maxResponseBodyBytes: number = 16 * 1024 * 1024;
  /**
   * How long a client that has closed its sending side still gets its response, in ms. A client
   * that has gone altogether looks the same until something is sent to it. Default: 1000.
   */
  readonly halfCloseTimeoutMs: number = 1000;
}

type Message = HttpRequestMessage | HttpContent | Buffer;
type Result = HttpResponse | HttpResponseMessage | HttpContent | Buffer;
type Context = ChannelHandlerContext<Result>;

/**
 * The bridge between the pipeline and the filters: requests go in as messages, responses come
 * out as messages fired on to the ClientResponseWriter.
 */
@Handler({ name: 'zuul-filter-chain', requires: [ClientRequestReceiver] })
export class ZuulFilterChainHandler implements ChannelInboundHandler<Message, Result> {
  readonly #registry: FilterRegistry;
  readonly #options: ZuulFilterChainOptions;
  #client: ClientChannel | undefined = undefined;
  #processor: RequestProcessor | undefined = undefined;
  #halfCloseTimer: Timer | undefined = undefined;

  constructor(
    @inject(FilterRegistry) registry: FilterRegistry,
    @inject(ZuulFilterChainOptions) options: ZuulFilterChainOptions,
  ) {
    this.#registry = registry;
    this.#options = options;
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    this.#client = new ClientChannel(ctx as Context);
  }

  channelRead(_ctx: Context, message: Message): void {
    if (message instanceof HttpContent) this.#processor?.requestContent(message);
    else if (message instanceof HttpRequestMessage) this.#start(message);
    else this.#processor?.requestTunnel(message);
  }

  channelReadComplete(ctx: Context): void {
    this.#processor?.requestFlush();
    ctx.fireChannelReadComplete();
  }

  channelWritabilityChanged(ctx: Context): void {
    this.#processor?.clientWritabilityChanged(ctx.channel.isWritable);
    ctx.fireChannelWritabilityChanged();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof CompleteEvent) this.#end(event.reason === 'SESSION_COMPLETE');
    else if (event instanceof ChannelInputShutdownEvent) this.#inputShutDown(ctx);
    ctx.fireUserEventTriggered(event);
  }

  channelInactive(ctx: Context): void {
    this.#end(false);
    ctx.fireChannelInactive();
  }

  /** An error of the connection, or one that no handler before this one took: the request can't go on. */
  exceptionCaught(ctx: Context, cause: unknown): void {
    if (this.#processor === undefined || !ctx.channel.isActive) ctx.fireExceptionCaught(cause);
    else this.#processor.fail(cause);
  }

  #start(request: HttpRequestMessage): void {
    this.#processor?.end(false);
    if (this.#client === undefined) return;
    this.#processor = new RequestProcessor(request, this.#registry.current, this.#client, this.#options);
    this.#processor.start();
  }

  #end(isComplete: boolean): void {
    const processor = this.#processor;
    this.#processor = undefined;
    this.#halfCloseTimer?.cancel();
    processor?.end(isComplete);
  }

  // RFC 9112 §9.6 lets a client close its half and wait for the response.
  #inputShutDown(ctx: Context): void {
    if (this.#processor === undefined) return;
    this.#processor.requestTunnelEnd();
    this.#halfCloseTimer = ctx.channel.eventLoop.schedule(this.#options.halfCloseTimeoutMs, () => {
      if (this.#processor !== undefined && !this.#processor.isResponseStarted) ctx.channel.close();
    });
  }
}
