import { HttpKind, HttpObject } from '@sluice/codec-http';
import type { HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelHandlerContext, ChannelOutboundHandler, ChannelPromise } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { ConnectionCloseEvent } from './connection-close-event.ts';
import { Http1ConnectionCloseHandler } from './http1-connection-close-handler.ts';

export class Http1ConnectionExpiryOptions {
  /** Responses until a connection has served its time; 0 or less: any number. */
  readonly maxRequests: number = 10_000;
  /** Milliseconds until then; 0 or less: any time. */
  readonly maxAgeMs: number = 1_200_000;
  /** The longest random time that is added to `maxAgeMs`, in ms, so that connections of one moment do not end in one. */
  readonly maxAgeJitterMs: number = 20_000;
  /** From 0 up to 1: the part of the jitter. */
  readonly random: () => number = Math.random;
}

type Context = ChannelHandlerContext<never, HttpWireMessage>;

/**
 * Marks a connection to be closed after the response that it is about to write, when it has
 * served enough requests or long enough: fires a graceful {@link ConnectionCloseEvent} from the
 * head, for the Http1ConnectionCloseHandler. Interim responses do not count.
 */
@Handler({ name: 'http1-connection-expiry', requires: [Http1ConnectionCloseHandler] })
export class Http1ConnectionExpiryHandler implements ChannelOutboundHandler<HttpWireMessage> {
  readonly #options: Http1ConnectionExpiryOptions;
  #responses = 0;
  #expiresAtMs = Infinity;
  #isExpired = false;

  constructor(@inject(Http1ConnectionExpiryOptions) options: Partial<Http1ConnectionExpiryOptions> = {}) {
    this.#options = withDefaults(Http1ConnectionExpiryOptions, options);
  }

  handlerAdded(ctx: ChannelHandlerContext): void {
    const { maxAgeMs, maxAgeJitterMs, random } = this.#options;
    if (maxAgeMs > 0) this.#expiresAtMs = ctx.channel.clock.now() + maxAgeMs + random() * maxAgeJitterMs;
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (message instanceof HttpObject && message.kind === HttpKind.response) {
      this.#count(ctx, message as HttpResponse);
    }
    ctx.write(message, promise);
  }

  #count(ctx: Context, response: HttpResponse): void {
    if (response.isInformational || this.#isExpired) return;
    this.#responses++;
    const { maxRequests } = this.#options;
    this.#isExpired =
      (maxRequests > 0 && this.#responses >= maxRequests) || ctx.channel.clock.turnNow() >= this.#expiresAtMs;
    if (this.#isExpired) ctx.pipeline.fireUserEventTriggered(ConnectionCloseEvent.graceful('EXPIRATION'));
  }
}
