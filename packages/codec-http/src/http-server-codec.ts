import { Buffer } from 'node:buffer';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { ChannelInputShutdownEvent, ClosedChannelError } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import type { HttpDecodeFailure } from './decoder/decode-failures.ts';
import type { HttpDecoderListener } from './decoder/http-decoder-listener.ts';
import { HttpRequestDecoder } from './decoder/http-request-decoder.ts';
import { checkTunnel } from './encoder/check-tunnel.ts';
import { HttpEncodeError } from './encoder/http-encode-error.ts';
import { HttpMessageWriter } from './encoder/http-message-writer.ts';
import { joinPromises } from './encoder/join-promises.ts';
import type { WireHead } from './encoder/wire-head.ts';
import { Framing, responseHead } from './encoder/wire-head.ts';
import { HttpServerCodecOptions } from './http-server-codec-options.ts';
import { InputShutdownAheadEvent } from './input-shutdown-ahead-event.ts';
import { HttpContent, LastHttpContent } from './message/http-content.ts';
import type { HttpObject } from './message/http-object.ts';
import { HttpRequest } from './message/http-request.ts';
import { HttpResponse } from './message/http-response.ts';

/**
 * So much of what a client sends ahead is read while its request is in hand: without reading nobody would see that its connection is
 * reset, and the request would go on for nobody.
 */
const MAX_UNREAD_BYTES = 16 * 1024;

type Context = ChannelHandlerContext<HttpObject | Buffer, Buffer>;

/**
 * Makes requests of the bytes from a client, and bytes of the responses to them.
 *
 * One request is in hand at a time: what a client sends ahead waits until the last content of the
 * response was written, and reading pauses when it is more than 16 KiB. The end of the client's sending
 * is passed on behind the last request before it, once that is over; an {@link InputShutdownAheadEvent} tells of
 * it before where something waits. A request that was refused
 * has a `failure`; it is for a later handler to answer, and nothing that follows on the connection is read.
 *
 * A response that ends with its connection, as to HTTP/1.0 without a length, is ended by the codec: it closes the
 * channel, or ends the sending alone while the client still sends its request, and closes behind that.
 *
 * After a 101, or a 2xx that accepts a CONNECT, was written the codec passes Buffers both ways.
 */
@Handler({ name: 'http-server-codec', reads: [Buffer], fires: [HttpRequest, HttpContent, Buffer] })
export class HttpServerCodec
  implements
    HttpDecoderListener<HttpRequest>,
    ChannelDuplexHandler<Buffer, HttpObject | Buffer, HttpObject | Buffer, Buffer>
{
  readonly #decoder: HttpRequestDecoder;
  readonly #writer = new HttpMessageWriter();
  #ctx: Context | undefined = undefined;
  #request: HttpRequest | undefined = undefined;
  #requestEnded = false;
  #responseEnded = false;
  /** Whether the connection serves another request after this one. */
  #keepAlive = true;
  /** Whether the last head was one that nothing follows. */
  #headAlone = false;
  /** Whether the end of the response is the end of the connection. */
  #endsWithConnection = false;
  /** Whether that was sent, and the client still sends its request. */
  #isHalfEnded = false;
  #switched = false;
  #transparent = false;
  #readsPaused = false;
  #inputEnded = false;
  #hasServed = false;
  #isAbandoned = false;
  /** Waits until the requests that were received before it are over. */
  #shutdownEvent: object | undefined = undefined;

  constructor(@inject(HttpServerCodecOptions) options: Partial<HttpServerCodecOptions> = {}) {
    this.#decoder = new HttpRequestDecoder(this, options);
  }

  handlerAdded(ctx: Context): void {
    this.#ctx = ctx;
  }

  handlerRemoved(ctx: Context): void {
    this.#release(ctx);
  }

  channelInactive(ctx: Context): void {
    if (this.#request !== undefined && !this.#requestEnded) this.#decoder.finish();
    this.#release(ctx);
    ctx.fireChannelInactive();
  }

  channelRead(ctx: Context, bytes: Buffer): void {
    if (this.#transparent) {
      ctx.fireChannelRead(bytes);
      return;
    }
    this.#decoder.decode(bytes);
    this.#balanceReads(ctx);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (this.#transparent || !(event instanceof ChannelInputShutdownEvent)) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    this.#inputEnded = true;
    this.#shutdownEvent = event;
    this.#decoder.finish();
    if (this.#decoder.hasUnread) ctx.fireUserEventTriggered(InputShutdownAheadEvent.INSTANCE);
    else this.#fireShutdown(ctx);
  }

  write(ctx: Context, message: HttpObject | Buffer, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpResponse) this.#writeResponse(ctx, message, promise);
    else if (message instanceof LastHttpContent) this.#writeLast(ctx, message, promise);
    else if (message instanceof HttpContent) this.#writer.content(ctx, message.data, promise);
    else if (this.#switched && Buffer.isBuffer(message)) this.#writeRaw(ctx, message, promise);
    else throw new HttpEncodeError('Expected an HttpResponse, an HttpContent or a LastHttpContent.');
  }

  flush(ctx: Context): void {
    this.#writer.flush(ctx);
    ctx.flush();
  }

  /**
   * Gives up the head that is awaited: a request with this failure comes out of the codec, for handlers
   * to answer like any other that can't be read. Does nothing while a request is under way.
   */
  refuseHead(failure: HttpDecodeFailure): void {
    const ctx = this.#ctx;
    if (ctx === undefined || this.#request !== undefined) return;
    this.#decoder.refuseHead(failure);
    this.#balanceReads(ctx);
    ctx.fireChannelReadComplete();
  }

  /** @internal */
  onHead(request: HttpRequest): void {
    // The client has left in the middle of a further request: it has its answers, and needs no more.
    this.#isAbandoned = this.#hasServed && request.failure?.reason === 'http1.truncated_head';
    if (this.#isAbandoned) return;
    this.#hasServed = true;
    this.#request = request;
    this.#requestEnded = false;
    this.#responseEnded = false;
    this.#keepAlive = request.keepAlive;
    this.#ctx?.fireChannelRead(request);
  }

  /** @internal */
  onContent(content: HttpContent): void {
    // RFC 9110 §10.1.1: a client that sends its body waits for a 100 no more.
    if (this.#request !== undefined) this.#request.expectsContinue = false;
    this.#ctx?.fireChannelRead(content);
  }

  /** @internal */
  onLast(last: LastHttpContent): void {
    if (this.#isAbandoned) return;
    if (this.#request !== undefined) this.#request.expectsContinue = false;
    const wasAnswered = this.#responseEnded || this.#switched;
    const wasToGoOn = this.#keepAlive;
    this.#requestEnded = true;
    if (last.failure !== undefined) this.#keepAlive = false;
    this.#ctx?.fireChannelRead(last);
    if (!wasAnswered) return;
    if (this.#isHalfEnded) this.#ctx?.close();
    // The client was told that it may go on, but where its next request would begin is not known.
    else if (last.failure !== undefined && wasToGoOn) this.#closeWhenSent();
    this.#next();
  }

  #writeResponse(ctx: Context, response: HttpResponse, promise: ChannelPromise | undefined): void {
    if (this.#responseEnded) throw new HttpEncodeError('The response to this request is complete already.');
    if (response.status === 100 && this.#request !== undefined) this.#request.expectsContinue = false;
    const minorVersion = this.#request?.minorVersion ?? 1;
    const keepAlive = this.#goesOn(response);
    checkTunnel(response, this.#request);
    const head = responseHead(response, {
      isHead: this.#request?.method === 'HEAD',
      minorVersion,
      keepAlive,
    });
    this.#headAlone = response.isInformational || response.opensTunnel;
    if (response.opensTunnel) this.#switchProtocols(ctx, head, promise);
    // RFC 9110 §15.2: an HTTP/1.0 client does not know interim responses.
    else if (this.#headAlone && minorVersion === 0) promise?.trySuccess();
    else if (this.#headAlone) this.#writer.headAlone(ctx, head, promise);
    else {
      this.#writer.begin(ctx, head, promise);
      this.#endsWithConnection = head.framing === Framing.close;
      this.#keepAlive = keepAlive && !this.#endsWithConnection;
      response.keepAlive = this.#keepAlive;
    }
  }

  #writeLast(ctx: Context, last: LastHttpContent, promise: ChannelPromise | undefined): void {
    if (this.#headAlone && !this.#writer.inMessage) {
      // Nothing follows an interim response or a 101, but to end them like any message is no fault.
      promise?.trySuccess();
      return;
    }
    this.#writer.last(ctx, last, this.#endsWithConnection ? this.#closeAfter(ctx, promise) : promise);
    this.#responseEnded = true;
    if (this.#requestEnded || this.#request === undefined) this.#next();
  }

  #writeRaw(ctx: Context, bytes: Buffer, promise: ChannelPromise | undefined): void {
    this.#writer.flush(ctx);
    ctx.write(bytes, promise);
  }

  // Without a request, as for one that did not come in time, the connection is of no more use.
  #goesOn(response: HttpResponse): boolean {
    if (this.#request === undefined || !this.#request.keepAlive || !response.keepAlive) return false;
    // RFC 9931: what a client has sent for a tunnel that it does not get is no request.
    if (this.#request.method === 'CONNECT') return false;
    // What follows a request is not known before that has ended.
    return !this.#inputEnded || !this.#requestEnded || this.#decoder.hasUnread;
  }

  #switchProtocols(ctx: Context, head: WireHead, promise: ChannelPromise | undefined): void {
    this.#writer.headAlone(ctx, head, promise);
    this.#switched = true;
    this.#responseEnded = true;
    if (this.#requestEnded) this.#next();
  }

  /** The exchange is over in both directions. */
  #next(): void {
    const ctx = this.#ctx;
    if (ctx === undefined) return;
    this.#request = undefined;
    if (this.#switched) this.#goOnWhenWritten(ctx);
    else if (this.#keepAlive) {
      this.#responseEnded = false;
      this.#goOnWhenWritten(ctx);
    } else {
      this.#decoder.discard();
      this.#balanceReads(ctx);
      this.#fireShutdown(ctx);
    }
  }

  // What the next bytes lead to must not happen within the write that ended the exchange.
  #goOnWhenWritten(ctx: Context): void {
    if (!this.#decoder.hasUnread) this.#goOn(ctx);
    else {
      ctx.channel.eventLoop.execute(() => {
        if (this.#ctx === undefined) return;
        this.#goOn(ctx);
        ctx.fireChannelReadComplete();
      });
    }
  }

  #goOn(ctx: Context): void {
    if (this.#switched) this.#openTunnel(ctx);
    else this.#readNextRequest(ctx);
  }

  #readNextRequest(ctx: Context): void {
    this.#decoder.resume();
    this.#balanceReads(ctx);
    if (this.#request === undefined) this.#fireShutdown(ctx);
  }

  #openTunnel(ctx: Context): void {
    const unread = this.#decoder.takeUnread();
    this.#transparent = true;
    this.#decoder.dispose();
    if (unread !== undefined) ctx.fireChannelRead(unread);
    this.#balanceReads(ctx);
    this.#fireShutdown(ctx);
  }

  #balanceReads(ctx: Context): void {
    const pause = this.#decoder.unreadBytes > MAX_UNREAD_BYTES;
    if (pause === this.#readsPaused) return;
    this.#readsPaused = pause;
    if (pause) ctx.channel.pauseReads();
    else ctx.channel.resumeReads();
  }

  #fireShutdown(ctx: Context): void {
    const event = this.#shutdownEvent;
    if (event === undefined || this.#decoder.hasUnread) return;
    this.#shutdownEvent = undefined;
    ctx.fireUserEventTriggered(event);
  }

  // Whoever waits for the end of the response hears of it first, and the handlers behind see no close within it.
  #closeAfter(ctx: Context, promise: ChannelPromise | undefined): ChannelPromise | undefined {
    const closing = ctx.newPromise().addListener(({ isSuccess }) => {
      // RFC 9112 §9.6: a close while the client still sends is a reset, and takes what it has not read yet.
      this.#isHalfEnded = isSuccess && !this.#requestEnded;
      if (this.#isHalfEnded) ctx.channel.shutdownOutput();
      else ctx.close();
    });
    return joinPromises(ctx, promise, closing);
  }

  #closeWhenSent(): void {
    const ctx = this.#ctx;
    if (ctx === undefined) return;
    this.flush(ctx);
    ctx.channel.shutdownOutput().addListener(() => ctx.close());
  }

  #release(ctx: Context): void {
    this.#ctx = undefined;
    this.#decoder.dispose();
    this.#balanceReads(ctx);
    if (this.#writer.isHolding) this.#writer.fail(new ClosedChannelError());
  }
}
