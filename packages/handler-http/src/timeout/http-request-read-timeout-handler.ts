import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpRequest, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelInboundHandler } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { isLingering } from '../close/lingering-close-handler.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { HttpRequestReadTimeoutEvent } from './http-request-read-timeout-event.ts';
import { areReadsPaused } from './read-pauses.ts';

export class HttpRequestReadTimeoutOptions {
  /** Milliseconds without any of a request's body until the event; 0 or less: never. */
  readonly timeoutMs: number = 5_000;
}

type Context = ChannelHandlerContext<HttpWireMessage>;

/**
 * Fires a {@link HttpRequestReadTimeoutEvent} to the handlers after it when a client falls silent
 * within the body of a request, once for each request. It never closes the channel.
 *
 * Time in which this side does not read, or owes a 100, is not counted. A body that trickles never trips it: see
 * HttpRequestDeadlineHandler.
 */
@Handler({ name: 'http-request-read-timeout', requires: [HttpServerCodec] })
export class HttpRequestReadTimeoutHandler implements ChannelInboundHandler<HttpWireMessage> {
  readonly #timeoutMs: number;
  // Made for the first body of a connection.
  #timer: DeadlineTimer | undefined = undefined;
  #request: HttpRequest | undefined = undefined;
  #wasPaused = false;

  constructor(@inject(HttpRequestReadTimeoutOptions) options: Partial<HttpRequestReadTimeoutOptions> = {}) {
    this.#timeoutMs = options.timeoutMs ?? new HttpRequestReadTimeoutOptions().timeoutMs;
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (message instanceof HttpObject) this.#received(ctx, message);
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    ctx.fireChannelReadComplete();
    // After the handlers that pause reads because of what was read.
    if (areReadsPaused(ctx.channel)) this.#wasPaused = true;
  }

  #received(ctx: Context, message: HttpObject): void {
    if (message.kind === HttpKind.request) this.#start(ctx, message as HttpRequest);
    else if (message.kind === HttpKind.last) this.#end();
    else if (this.#timer?.isRunning) this.#timer.start(this.#timeoutMs);
  }

  #start(ctx: Context, request: HttpRequest): void {
    if (request.framing === 'none' || !(this.#timeoutMs > 0)) return;
    this.#wasPaused = false;
    this.#request = request;
    this.#timer ??= new DeadlineTimer(ctx.channel, () => this.#due(ctx));
    this.#timer.start(this.#timeoutMs);
  }

  #end(): void {
    this.#timer?.stop();
    this.#request = undefined;
  }

  #due(ctx: Context): void {
    if (isLingering(ctx.channel)) return;
    const isPaused = areReadsPaused(ctx.channel) || this.#request?.expectsContinue === true;
    const mayBeInnocent = isPaused || this.#wasPaused;
    this.#wasPaused = isPaused;
    if (mayBeInnocent) this.#timer?.start(this.#timeoutMs);
    else ctx.fireUserEventTriggered(HttpRequestReadTimeoutEvent.INACTIVITY);
  }
}
