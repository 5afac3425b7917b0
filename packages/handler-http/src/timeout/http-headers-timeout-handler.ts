import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { DeadlineTimer } from './deadline-timer.ts';
import { HttpHeadersTimeoutEvent } from './http-headers-timeout-event.ts';
import { HttpServerLifecycleChannelHandler } from '../lifecycle/http-server-lifecycle-channel-handler.ts';

export class HttpHeadersTimeoutOptions {
  /** Milliseconds from the first byte of a head, or from the beginning of the connection, to the end of the head; 0 or less: any time. */
  readonly timeoutMs: number = 15_000;
}

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Ends connections whose client takes too long to send the head of a request: every request, and
 * however often a byte comes. The time of the first includes the TLS handshake.
 *
 * Fires a {@link HttpHeadersTimeoutEvent} to the next handlers. Of a client that has begun the codec makes a
 * request that can't be read, to be answered with 408. One that has sent nothing on a new connection
 * is not answered; one that is idle after a response is not touched.
 */
@Handler({
  name: 'http-headers-timeout',
  requires: [HttpServerCodec],
  before: [HttpServerLifecycleChannelHandler],
})
export class HttpHeadersTimeoutHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #timeoutMs: number;
  #timer: DeadlineTimer | undefined = undefined;
  #isRequestOpen = false;
  #isResponseOpen = false;
  /** Whether the head of the final response was written. */
  #isResponding = false;
  /** Whether a message came out of the codec since the last end of a burst. */
  #hasRead = false;
  #hasBegun = false;
  /** Whether no other request is expected. */
  #isOver = false;

  constructor(@inject(HttpHeadersTimeoutOptions) options: Partial<HttpHeadersTimeoutOptions> = {}) {
    this.#timeoutMs = options.timeoutMs ?? new HttpHeadersTimeoutOptions().timeoutMs;
  }

  handlerAdded(ctx: Context): void {
    if (!(this.#timeoutMs > 0)) return;
    this.#timer = new DeadlineTimer(ctx.channel, () => this.#timeOut(ctx));
    if (ctx.channel.isActive) this.#timer.start(this.#timeoutMs);
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelActive(ctx: Context): void {
    this.#timer?.start(this.#timeoutMs);
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    this.#hasRead = true;
    if (message instanceof HttpObject) this.#received(message);
    ctx.fireChannelRead(message);
  }

  channelReadComplete(ctx: Context): void {
    const isAwaited = !this.#isRequestOpen && !this.#isResponseOpen && !this.#isOver;
    // Bytes that the codec made nothing of yet.
    if (isAwaited && !this.#hasRead) this.#begun();
    this.#hasRead = false;
    ctx.fireChannelReadComplete();
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    ctx.write(message, promise);
    if (!(message instanceof HttpObject)) return;
    if (message.kind === HttpKind.response) this.#responded(message as HttpResponse);
    // The end of an interim response ends nothing.
    else if (message.kind === HttpKind.last && this.#isResponding) this.#isResponseOpen = false;
  }

  #received(message: HttpObject): void {
    if (message.kind === HttpKind.last) this.#isRequestOpen = false;
    else if (message.kind === HttpKind.request) this.#started();
  }

  #started(): void {
    this.#timer?.stop();
    this.#hasBegun = false;
    this.#isRequestOpen = true;
    this.#isResponseOpen = true;
    this.#isResponding = false;
  }

  #responded(response: HttpResponse): void {
    if (response.isInformational) return;
    this.#isResponding = true;
    // The codec, which has seen it by now, has the last word on `keepAlive`.
    if (!response.keepAlive || response.opensTunnel) this.#isOver = true;
  }

  #begun(): void {
    this.#hasBegun = true;
    if (!this.#timer?.isRunning) this.#timer?.start(this.#timeoutMs);
  }

  #timeOut(ctx: Context): void {
    this.#isOver = true;
    ctx.fireUserEventTriggered(new HttpHeadersTimeoutEvent(this.#hasBegun));
    if (!ctx.channel.isActive) return;
    if (!this.#hasBegun) {
      ctx.channel.close();
      return;
    }
    ctx.pipeline.get(HttpServerCodec)?.refuseHead('http1.head_timeout');
  }
}
