import { HttpEncodeError, HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpRequest, HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type {
  ChannelDuplexHandler,
  ChannelFuture,
  ChannelHandlerContext,
  ChannelPromise,
} from '@sluice/core';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { HeldMessages } from './held-messages.ts';
import { HttpExchange } from './http-exchange.ts';
import { HttpServerLifecycleOptions } from './http-server-lifecycle-options.ts';
import { RejectedPipeliningEvent } from './lifecycle-events.ts';
import type { CompleteReason } from './lifecycle-events.ts';
import { closeLingering } from '../close/lingering-close-handler.ts';
import { writeLocalReply } from './local-reply.ts';
import { PipeliningDetector } from './pipelining-detector.ts';
import { RequestRejectedEvent } from './request-rejected-event.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Tells all handlers when an exchange begins and when it is over, with one StartEvent and one
 * CompleteEvent from the head. An interim response (1xx but 101) does not end it.
 *
 * Exchanges never overlap: a request that comes while the bytes of the response before it are
 * still on their way is held, and reading pauses. Where pipelining is rejected, such a request
 * is answered with 400 and told of by a {@link RejectedPipeliningEvent} and a
 * {@link RequestRejectedEvent} from the head.
 *
 * A channel that is closed within a response is reset: a client must not take the end of the
 * connection for the end of the body (RFC 9112 §8).
 */
@Handler({ name: 'http-server-lifecycle', requires: [HttpServerCodec] })
export class HttpServerLifecycleChannelHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #detector: PipeliningDetector | undefined;
  readonly #exchange = new HttpExchange();
  #ctx: Context | undefined = undefined;
  // Made for the first request that comes before its turn.
  #held: HeldMessages | undefined = undefined;
  /** The write of the response's last content, whose outcome ends the exchange. */
  #last: ChannelFuture | undefined = undefined;
  #isRejecting = false;

  constructor(@inject(HttpServerLifecycleOptions) options: Partial<HttpServerLifecycleOptions> = {}) {
    this.#detector = options.pipelining === 'reject' ? new PipeliningDetector() : undefined;
  }

  handlerAdded(ctx: Context): void {
    this.#ctx = ctx;
    if (this.#detector) ctx.pipeline.addBefore(HttpServerCodec, 'pipelining-detector', this.#detector);
  }

  handlerRemoved(ctx: Context): void {
    this.#held?.take();
    if (this.#detector) ctx.pipeline.removeIfExists(this.#detector);
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (message instanceof HttpObject) this.#receiveInTurn(ctx, message);
    else ctx.fireChannelRead(message);
  }

  channelInactive(ctx: Context): void {
    this.#complete('INACTIVE');
    ctx.fireChannelInactive();
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpObject && message.kind === HttpKind.last) {
      this.#writeLast(ctx, message, promise);
      return;
    }
    if (message instanceof HttpObject && message.kind === HttpKind.response) {
      this.#exchange.responded(message as HttpResponse);
    }
    ctx.write(message, promise);
  }

  disconnect(ctx: Context, promise: ChannelPromise): void {
    if (this.#cuts('DISCONNECT')) ctx.channel.reset(promise);
    else ctx.disconnect(promise);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    if (this.#cuts('CLOSE')) ctx.channel.reset(promise);
    else ctx.close(promise);
  }

  /** The connection ends, and the exchange with it. Returns whether a part of a response is missing then; a tunnel has no end of its own. */
  #cuts(reason: CompleteReason): boolean {
    const { response } = this.#exchange;
    // Whoever closes behind the last write may hear of its outcome before this handler.
    const isSent = this.#last?.isSuccess === true;
    this.#complete(isSent ? 'SESSION_COMPLETE' : reason);
    this.#held?.take();
    return response !== undefined && !response.opensTunnel && !isSent;
  }

  #receiveInTurn(ctx: Context, message: HttpObject): void {
    const isEarly = message.kind === HttpKind.request && this.#exchange.request !== undefined;
    if (isEarly || this.#held?.isHolding) this.#hold(ctx, message);
    else this.#receive(ctx, message);
  }

  #hold(ctx: Context, message: HttpObject): void {
    this.#held ??= new HeldMessages(ctx.channel);
    this.#held.add(message);
  }

  #receive(ctx: Context, message: HttpObject): void {
    if (message.kind === HttpKind.last) this.#requestEnded(message);
    // Nothing is served behind a request that was refused.
    if (this.#isRejecting) return;
    if (message.kind === HttpKind.request) this.#receiveHead(ctx, message as HttpRequest);
    else ctx.fireChannelRead(message);
  }

  #receiveHead(ctx: Context, request: HttpRequest): void {
    this.#exchange.begin(ctx.pipeline, request);
    if (this.#detector?.isPipelined) this.#reject(ctx, request);
    else ctx.fireChannelRead(request);
  }

  #requestEnded(last: HttpObject): void {
    const { request } = this.#exchange;
    this.#exchange.isRequestComplete = last.failure === undefined && request?.failure === undefined;
    this.#detector?.requestEnded();
  }

  #reject(ctx: Context, request: HttpRequest): void {
    this.#isRejecting = true;
    ctx.pipeline.fireUserEventTriggered(new RejectedPipeliningEvent(request));
    const rejected = new RequestRejectedEvent(request, 400, 'pipelined_request');
    ctx.pipeline.fireUserEventTriggered(rejected);
    writeLocalReply(ctx.channel, rejected, 'Pipelined requests are not accepted here.');
  }

  #writeLast(ctx: Context, last: HttpObject, promise: ChannelPromise | undefined): void {
    const isUnasked = promise === undefined || promise.isVoid;
    const outcome = isUnasked
      ? ctx.newPromise().addListener(this.#onUnaskedOutcome)
      : promise.addListener(this.#onOutcome);
    // The end of an interim response ends nothing.
    if (this.#exchange.response !== undefined) {
      this.#last = outcome;
      this.#detector?.responseEnded();
    }
    ctx.write(last, outcome);
  }

  readonly #onOutcome = (future: ChannelFuture): void => {
    if (future === this.#last) this.#complete(future.isSuccess ? 'SESSION_COMPLETE' : 'EXCEPTION');
    // Where the next response would begin is not known to the client.
    if (!future.isSuccess) future.channel.reset();
  };

  // On an open channel a handler has failed, and nobody else would hear of it; the codec has closed it for what it can't send.
  readonly #onUnaskedOutcome = (future: ChannelFuture): void => {
    const { channel, isSuccess, cause } = future;
    if (!isSuccess && (channel.isOpen || cause instanceof HttpEncodeError))
      channel.pipeline.fireExceptionCaught(cause);
    this.#onOutcome(future);
  };

  #complete(reason: CompleteReason): void {
    const ctx = this.#ctx;
    if (ctx === undefined) return;
    this.#last = undefined;
    if (!this.#exchange.end(ctx.pipeline, this.#isRejecting ? 'PIPELINE_REJECT' : reason)) return;
    if (reason !== 'SESSION_COMPLETE') this.#held?.take();
    else if (this.#isRejecting) closeLingering(ctx.channel);
    else if (this.#held?.isHolding) ctx.channel.eventLoop.execute(() => this.#release(ctx));
  }

  #release(ctx: Context): void {
    for (const message of this.#held?.take() ?? []) this.#receiveInTurn(ctx, message);
    ctx.fireChannelReadComplete();
  }
}
