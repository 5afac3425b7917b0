import { HttpContent, HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpRequest, HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { BodyPace } from './body-pace.ts';
import { DeadlineTimer } from './deadline-timer.ts';
import { HttpRequestReadTimeoutEvent } from './http-request-read-timeout-event.ts';
import { closeLingering, isLingering } from '../close/lingering-close-handler.ts';
import { writeLocalReply } from '../lifecycle/local-reply.ts';
import { areReadsPaused } from './read-pauses.ts';
import { RequestRejectedEvent } from '../lifecycle/request-rejected-event.ts';

export class HttpRequestDeadlineOptions {
  /** Bytes of a body that must come in each second, on average over each `graceMs`; 0 or less: any rate. */
  readonly minBytesPerSecond: number = 500;
  /** The time over which the rate is measured, in ms, so also the time that a slow start is granted. */
  readonly graceMs: number = 10_000;
  /** Milliseconds from the head of a request to the end of its body, also while an origin is slow; 0 or less: any time. */
  readonly totalMs: number = 0;
}

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Ends connections whose client sends the body of a request too slowly: below a rate, or beyond a
 * total time. Time in which this side does not read, or owes a 100, does not count for the rate.
 *
 * Fires a {@link HttpRequestReadTimeoutEvent} to the next handlers, so that the filters can answer
 * with 408. When no response has begun by then it answers with 408 itself, told of by a
 * {@link RequestRejectedEvent} from the head. A response that was under way before is cut.
 */
@Handler({ name: 'http-request-deadline', requires: [HttpServerCodec] })
export class HttpRequestDeadlineHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #options: HttpRequestDeadlineOptions;
  // Both are made for the first body of a connection.
  #pace: BodyPace | undefined = undefined;
  #timer: DeadlineTimer | undefined = undefined;
  #request: HttpRequest | undefined = undefined;
  #isResponding = false;

  constructor(@inject(HttpRequestDeadlineOptions) options: Partial<HttpRequestDeadlineOptions> = {}) {
    this.#options = withDefaults(HttpRequestDeadlineOptions, options);
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (message instanceof HttpContent) this.#received(message);
    else if (message instanceof HttpObject) this.#start(ctx, message as HttpRequest);
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    ctx.fireChannelReadComplete();
    // After the handlers that pause reads because of what was read.
    if (areReadsPaused(ctx.channel)) this.#pace?.pardon();
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpObject && message.kind === HttpKind.response) {
      if (!(message as HttpResponse).isInformational) this.#isResponding = true;
    }
    ctx.write(message, promise);
  }

  #start(ctx: Context, request: HttpRequest): void {
    this.#isResponding = false;
    if (request.framing === 'none') return;
    this.#pace ??= new BodyPace(this.#options);
    if (!this.#pace.isLimited) return;
    this.#request = request;
    this.#timer ??= new DeadlineTimer(ctx.channel, () => this.#check(ctx));
    this.#timer.start(this.#pace.start(ctx.channel.clock.now()));
  }

  #received(content: HttpContent): void {
    if (content.kind === HttpKind.last) this.#end();
    else this.#pace?.received(content.data.length);
  }

  #end(): void {
    this.#timer?.stop();
    this.#request = undefined;
  }

  #check(ctx: Context): void {
    const pace = this.#pace;
    if (pace === undefined || isLingering(ctx.channel)) return;
    const now = ctx.channel.clock.now();
    const isPaused = areReadsPaused(ctx.channel) || this.#request?.expectsContinue === true;
    if (pace.isOverdue(now)) this.#timeOut(ctx, HttpRequestReadTimeoutEvent.DEADLINE);
    else if (pace.isTooSlow(now, isPaused)) this.#timeOut(ctx, HttpRequestReadTimeoutEvent.TOO_SLOW);
    else this.#timer?.start(pace.nextCheckMs(now));
  }

  #timeOut(ctx: Context, event: HttpRequestReadTimeoutEvent): void {
    const wasResponding = this.#isResponding;
    ctx.fireUserEventTriggered(event);
    if (wasResponding) ctx.channel.close();
    else if (!this.#isResponding) this.#reject(ctx, event);
  }

  #reject(ctx: Context, { timeout }: HttpRequestReadTimeoutEvent): void {
    const request = this.#request;
    if (!ctx.channel.isActive || request === undefined) return;
    const reason = timeout === 'DEADLINE' ? 'request_deadline' : 'body_too_slow';
    const rejected = new RequestRejectedEvent(request, 408, reason);
    ctx.pipeline.fireUserEventTriggered(rejected);
    // From the tail: to the handlers it is the response to the request that they have seen begin.
    writeLocalReply(ctx.channel, rejected, 'The body of the request came too slowly.');
    closeLingering(ctx.channel);
  }
}
