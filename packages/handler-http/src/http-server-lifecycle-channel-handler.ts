import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpRequest, HttpResponse } from '@sluice/codec-http';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Transparent } from '@sluice/core';
import { Handler } from '@sluice/inject';
import { CompleteEvent, StartEvent } from './lifecycle-events.ts';
import type { CompleteReason } from './lifecycle-events.ts';

type Context = ChannelHandlerContext<Transparent, Transparent>;

/**
 * Tells all handlers when an exchange begins and when it is over, with one {@link StartEvent} and
 * one {@link CompleteEvent} from the head. An interim response (1xx but 101) does not end it.
 */
@Handler({ name: 'http-server-lifecycle', requires: [HttpServerCodec] })
export class HttpServerLifecycleChannelHandler implements ChannelDuplexHandler {
  #request: HttpRequest | undefined = undefined;
  #response: HttpResponse | undefined = undefined;
  #isRequestComplete = false;

  channelRead(ctx: Context, message: unknown): void {
    if (message instanceof HttpObject) {
      if (message.kind === HttpKind.request) this.#start(ctx, message as HttpRequest);
      else if (message.kind === HttpKind.last) this.#isRequestComplete = message.failure === undefined;
    }
    ctx.fireChannelRead(message);
  }

  channelInactive(ctx: Context): void {
    this.#complete(ctx, 'INACTIVE');
    ctx.fireChannelInactive();
  }

  write(ctx: Context, message: unknown, promise: ChannelPromise | undefined): void {
    if (!(message instanceof HttpObject)) ctx.write(message, promise);
    else if (message.kind === HttpKind.last) this.#writeLast(ctx, message, promise);
    else {
      if (message.kind === HttpKind.response && !(message as HttpResponse).isInformational) {
        this.#response = message as HttpResponse;
      }
      ctx.write(message, promise);
    }
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
    this.#request = request;
    this.#response = undefined;
    this.#isRequestComplete = !request.hasBody;
    ctx.pipeline.fireUserEventTriggered(new StartEvent(request));
  }

  #writeLast(ctx: Context, message: HttpObject, promise: ChannelPromise = ctx.newPromise()): void {
    promise.addListener(() => this.#complete(ctx, 'SESSION_COMPLETE'));
    ctx.write(message, promise);
  }

  #complete(ctx: Context, reason: CompleteReason): void {
    const request = this.#request;
    if (request === undefined) return;
    const event = new CompleteEvent(reason, request, this.#response, this.#isRequestComplete);
    this.#request = undefined;
    this.#response = undefined;
    ctx.pipeline.fireUserEventTriggered(event);
  }
}
