import { Buffer } from 'node:buffer';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { ChannelInputShutdownEvent, ClosedChannelError } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import type { HttpDecodeFailure } from './decoder/decode-failures.ts';
import { RESPONSE_LIMIT_RANGES, RESPONSE_LIMITS } from './decoder/decoder-limits.ts';
import { HttpDecodeError } from './decoder/http-decode-error.ts';
import type { HttpResponseDecoderOptions } from './decoder/http-response-decoder.ts';
import { HttpResponseDecoder } from './decoder/http-response-decoder.ts';
import { HttpEncodeError } from './encoder/http-encode-error.ts';
import { HttpMessageWriter } from './encoder/http-message-writer.ts';
import { requestHead } from './encoder/wire-head.ts';
import { HttpContent, LastHttpContent } from './message/http-content.ts';
import type { HttpObject } from './message/http-object.ts';
import { HttpRequest } from './message/http-request.ts';
import { HttpResponse } from './message/http-response.ts';

/** Options of {@link HttpClientCodec}: what it takes from a server at most; more is a 502. */
export class HttpClientCodecOptions implements Required<HttpResponseDecoderOptions> {
  static readonly ranges = { ...RESPONSE_LIMIT_RANGES, maxInterimResponses: { least: 0, most: 1_024 } };

  /** Not used for responses, whose first line counts as part of the head. */
  readonly maxRequestLineBytes: number = RESPONSE_LIMITS.maxRequestLineBytes;
  /** Bytes of a head with its status line. */
  readonly maxHeadBytes: number = RESPONSE_LIMITS.maxHeadBytes;
  /** Fields of a head. */
  readonly maxFields: number = RESPONSE_LIMITS.maxFields;
  /** Bytes of chunk extensions in one response. */
  readonly maxChunkExtensionBytes: number = RESPONSE_LIMITS.maxChunkExtensionBytes;
  /** Bytes of a trailer section. */
  readonly maxTrailerBytes: number = RESPONSE_LIMITS.maxTrailerBytes;
  /** Fields of a trailer section. */
  readonly maxTrailers: number = RESPONSE_LIMITS.maxTrailers;
  /** Interim responses (1xx) before a response. */
  readonly maxInterimResponses: number = 32;
}

type Context = ChannelHandlerContext<HttpObject | Buffer, Buffer>;

/**
 * Makes bytes of requests to a server, and responses of the bytes that it sends.
 *
 * A response that was refused, or that the server owes when it ends the connection, has a
 * `failure`. Bytes that no request asked for are never a response: they are reported once by
 * `exceptionCaught`, and all that follows is thrown away.
 *
 * After a 101 was read the codec passes Buffers both ways.
 */
@Handler({ name: 'http-client-codec', reads: [Buffer], fires: [HttpResponse, HttpContent, Buffer] })
export class HttpClientCodec implements ChannelDuplexHandler<
  Buffer,
  HttpObject | Buffer,
  HttpObject | Buffer,
  Buffer
> {
  readonly #decoder: HttpResponseDecoder;
  readonly #writer = new HttpMessageWriter();
  #ctx: Context | undefined = undefined;
  /** Requests whose response has not ended. */
  #outstanding = 0;
  /** The channel's `sendCount` when the first of them was written: while it is the same the server has nothing of it. */
  #sendsBefore = -1;
  /** Whether all that has happened lets the connection go on. */
  #keepAlive = true;
  #isPoisoned = false;
  #transparent = false;
  #inputEnded = false;
  /** Whether the connection ended other than by the server's own will. */
  #isBroken = false;

  constructor(@inject(HttpClientCodecOptions) options: HttpResponseDecoderOptions = {}) {
    this.#decoder = new HttpResponseDecoder(
      {
        onHead: (response) => this.#onHead(response),
        onContent: (content) => this.#ctx?.fireChannelRead(content),
        onLast: (last) => this.#onLast(last),
      },
      options,
    );
  }

  /**
   * Whether another request may be sent on this connection: all requests are fully written and
   * fully answered, both sides want it, and nothing was received that should not have been.
   */
  get isReusable(): boolean {
    if (this.#outstanding > 0 || this.#writer.inMessage || this.#decoder.hasUnread) return false;
    return this.#keepAlive && !this.#isPoisoned && !this.#transparent && !this.#inputEnded && !this.#isBroken;
  }

  /** Whether every request was written to its end. */
  get isRequestWritten(): boolean {
    return !this.#writer.inMessage;
  }

  /** Whether one of the two sides has said, or shown, that the connection is not to go on. */
  get isLastExchange(): boolean {
    return !this.#keepAlive;
  }

  /**
   * How long the server keeps the connection when no request comes, in ms from its last response: the
   * `timeout` of its Keep-Alive field. Infinity when it did not say.
   */
  get keepAliveTimeoutMs(): number {
    return this.#decoder.keepAliveTimeoutMs;
  }

  handlerAdded(ctx: Context): void {
    this.#ctx = ctx;
  }

  handlerRemoved(): void {
    this.#release();
  }

  channelInactive(ctx: Context): void {
    if (!this.#inputEnded && !this.#transparent) {
      this.#inputEnded = true;
      // Where half-closure is allowed the server's own end would have been seen before.
      if (this.#isBroken || ctx.channel.config.allowHalfClosure) this.#decoder.abort();
      else this.#decoder.finish();
    }
    this.#release();
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, bytes: Buffer): void {
    if (this.#transparent) ctx.fireChannelRead(bytes);
    else if (this.#outstanding > 0 && ctx.channel.sendCount !== this.#sendsBefore)
      this.#decoder.decode(bytes);
    else this.#poison('http1.unsolicited_response');
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof ChannelInputShutdownEvent && !this.#inputEnded) {
      this.#inputEnded = true;
      if (!this.#transparent) this.#decoder.finish();
    }
    ctx.fireUserEventTriggered(event);
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    this.#isBroken = true;
    ctx.fireExceptionCaught(cause);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    this.#isBroken = true;
    ctx.close(promise);
  }

  write(ctx: Context, message: HttpObject | Buffer, promise: ChannelPromise | undefined): void {
    if (this.#transparent && Buffer.isBuffer(message)) ctx.write(message, promise);
    else if (message instanceof HttpRequest) this.#writeRequest(ctx, message, promise);
    else if (message instanceof LastHttpContent) this.#writer.last(ctx, message, promise);
    else if (message instanceof HttpContent) this.#writer.content(ctx, message.data, promise);
    else throw new HttpEncodeError('Expected an HttpRequest, an HttpContent or a LastHttpContent.');
  }

  flush(ctx: Context): void {
    this.#writer.flush(ctx);
    ctx.flush();
  }

  #writeRequest(ctx: Context, request: HttpRequest, promise: ChannelPromise | undefined): void {
    this.#writer.begin(ctx, requestHead(request), promise);
    if (this.#outstanding === 0) this.#sendsBefore = ctx.channel.sendCount;
    this.#outstanding++;
    this.#decoder.expect(request.method, request.upgrade);
    if (!request.keepAlive) this.#keepAlive = false;
  }

  #onHead(response: HttpResponse): void {
    if (response.failure !== undefined) this.#isPoisoned = true;
    else if (!response.isInformational && !response.keepAlive) this.#keepAlive = false;
    this.#ctx?.fireChannelRead(response);
    if (this.#decoder.isPaused) this.#openTunnel();
  }

  #onLast(last: LastHttpContent): void {
    // What follows a failed response is no failure of its own.
    if (last.failure !== undefined) this.#isPoisoned = true;
    this.#outstanding--;
    this.#ctx?.fireChannelRead(last);
    if (this.#outstanding > 0) this.#decoder.resume();
    else if (this.#decoder.hasUnread) this.#poison('http1.surplus_bytes');
    else this.#decoder.resume();
  }

  #poison(failure: HttpDecodeFailure): void {
    this.#decoder.discard();
    if (this.#isPoisoned) return;
    this.#isPoisoned = true;
    this.#ctx?.fireExceptionCaught(new HttpDecodeError(failure, 'upstream'));
  }

  #openTunnel(): void {
    const unread = this.#decoder.takeUnread();
    this.#transparent = true;
    this.#decoder.dispose();
    if (unread !== undefined) this.#ctx?.fireChannelRead(unread);
  }

  #release(): void {
    this.#ctx = undefined;
    this.#decoder.dispose();
    if (this.#writer.isHolding) this.#writer.fail(new ClosedChannelError());
  }
}
