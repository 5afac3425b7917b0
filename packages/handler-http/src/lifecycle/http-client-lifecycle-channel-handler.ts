import { HttpClientCodec, HttpKind, HttpObject } from '@sluice/codec-http';
import type { HttpRequest, HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import { SluiceError } from '@sluice/core';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { HttpExchange } from './http-exchange.ts';
import type { CompleteReason } from './lifecycle-events.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Tells all handlers of a connection to an origin when an exchange begins and when it is over:
 * one StartEvent from the head before the head of a request is written, one
 * CompleteEvent when the response was received whole (a 101 is whole with its head), or
 * the connection failed, was closed or has gone.
 *
 * A second request before that fails with SLUICE_HTTP_EXCHANGE_OPEN: the connection pool must not
 * hand out a connection that is in use.
 */
@Handler({ name: 'http-client-lifecycle', requires: [HttpClientCodec] })
export class HttpClientLifecycleChannelHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #exchange = new HttpExchange();
  /** How a response that was received ends the exchange, whatever its receiver does with the connection. */
  #outcome: CompleteReason | undefined = undefined;

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpObject) {
      if (message.kind === HttpKind.request) this.#start(ctx, message as HttpRequest);
      else if (message.kind === HttpKind.last) this.#exchange.isRequestComplete = true;
    }
    ctx.write(message, promise);
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    if (!(message instanceof HttpObject) || this.#exchange.request === undefined) {
      ctx.fireChannelRead(message);
      return;
    }
    if (message.kind === HttpKind.response) this.#exchange.responded(message as HttpResponse);
    if (message.kind === HttpKind.last || this.#exchange.response?.status === 101) {
      this.#outcome = message.failure === undefined ? 'SESSION_COMPLETE' : 'EXCEPTION';
    }
    ctx.fireChannelRead(message);
    if (this.#outcome !== undefined) this.#exchange.end(ctx.pipeline, this.#outcome);
  }

  channelInactive(ctx: Context): void {
    this.#complete(ctx, 'INACTIVE');
    ctx.fireChannelInactive();
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    this.#complete(ctx, 'EXCEPTION');
    ctx.fireExceptionCaught(cause);
  }

  disconnect(ctx: Context, promise: ChannelPromise): void {
    this.#complete(ctx, 'DISCONNECT');
    ctx.disconnect(promise);
  }

  close(ctx: Context, promise: ChannelPromise): void {
    this.#complete(ctx, 'CLOSE');
    ctx.close(promise);
  }

  #start(ctx: Context, request: HttpRequest): void {
    if (this.#exchange.request !== undefined) throw exchangeOpen();
    this.#outcome = undefined;
    this.#exchange.begin(ctx.pipeline, request);
  }

  #complete(ctx: Context, reason: CompleteReason): void {
    this.#exchange.end(ctx.pipeline, this.#outcome ?? reason);
  }
}

function exchangeOpen(): SluiceError {
  return new SluiceError(
    'SLUICE_HTTP_EXCHANGE_OPEN',
    'A request was written before the response to the one before it was received.',
  );
}
