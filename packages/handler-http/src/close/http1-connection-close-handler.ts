import { HttpKind, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpResponse, HttpWireMessage } from '@sluice/codec-http';
import type { ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise, Timer } from '@sluice/core';
import { Handler, withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { ConnectionCloseEvent, ConnectionCloseHandledEvent } from './connection-close-event.ts';
import type { ConnectionCloseTrigger } from './connection-close-event.ts';
import { CompleteEvent, StartEvent } from '../lifecycle/lifecycle-events.ts';
import { closeLingering } from './lingering-close-handler.ts';

export class Http1ConnectionCloseOptions {
  /**
   * How long a client that could not be told in its last response may send another request, in
   * ms; 0 closes at once.
   */
  readonly closeDelayMs: number = 10_000;
  /** From 0 up to 1: the part of a delayed close's time to wait. */
  readonly random: () => number = Math.random;
}

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/**
 * Ends a connection at a {@link ConnectionCloseEvent} without losing a request: at once when
 * there is none in flight, unless the event wants to wait for one, else after the next response,
 * whose `keepAlive` it sets to false.
 *
 * The first event counts; a graceful one still overtakes a delayed one that waits. Events that
 * change something are passed on, and a {@link ConnectionCloseHandledEvent} comes from the head
 * before the close. Learns from StartEvent and CompleteEvent what is in flight.
 */
@Handler({ name: 'http1-connection-close', requires: [HttpServerCodec] })
export class Http1ConnectionCloseHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly #options: Http1ConnectionCloseOptions;
  #event: ConnectionCloseEvent | undefined = undefined;
  #timer: Timer | undefined = undefined;
  #isClosing = false;
  #isInFlight = false;
  #isAnnounced = false;

  constructor(@inject(Http1ConnectionCloseOptions) options: Partial<Http1ConnectionCloseOptions> = {}) {
    this.#options = withDefaults(Http1ConnectionCloseOptions, options);
  }

  handlerRemoved(): void {
    this.#timer?.cancel();
  }

  channelInactive(ctx: Context): void {
    this.#timer?.cancel();
    ctx.fireChannelInactive();
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    if (this.#isClosing && message instanceof HttpObject && message.kind === HttpKind.response) {
      this.#announce(message as HttpResponse);
    }
    ctx.write(message, promise);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof ConnectionCloseEvent) {
      this.#requested(ctx, event);
      return;
    }
    if (event instanceof StartEvent) this.#isInFlight = true;
    else if (event instanceof CompleteEvent) this.#isInFlight = false;
    const isLast = this.#isAnnounced && event instanceof CompleteEvent;
    // First: a later handler may close the connection because of what the response says.
    if (isLast) this.#tell(ctx, 'response');
    ctx.fireUserEventTriggered(event);
    if (isLast) closeLingering(ctx.channel);
    else if (this.#isClosing && event instanceof CompleteEvent)
      this.#waitForRequest(ctx, this.#options.closeDelayMs);
  }

  #requested(ctx: Context, event: ConnectionCloseEvent): void {
    const isDelayed = event.type === 'GRACEFUL_DELAYED';
    const isKnown = this.#isClosing || (this.#event !== undefined && isDelayed);
    if (isKnown || !ctx.channel.isActive) return;
    this.#event = event;
    this.#timer?.cancel();
    ctx.fireUserEventTriggered(event);
    if (!isDelayed) this.#begin(ctx, event);
    else {
      const delayMs = Math.ceil(this.#options.random() * event.maxWaitMs);
      this.#timer = ctx.channel.eventLoop.schedule(delayMs, () => this.#begin(ctx, event));
    }
  }

  #begin(ctx: Context, { type, maxWaitMs }: ConnectionCloseEvent): void {
    this.#isClosing = true;
    if (this.#isInFlight) return;
    if (type === 'GRACEFUL_AFTER_RESPONSE') this.#waitForRequest(ctx, maxWaitMs);
    else this.#closeIdle(ctx, 'idle');
  }

  #announce(response: HttpResponse): void {
    if (response.isInformational || response.opensTunnel) return;
    response.keepAlive = false;
    this.#isAnnounced = true;
  }

  #waitForRequest(ctx: Context, maxWaitMs: number): void {
    if (!ctx.channel.isActive) return;
    this.#timer?.cancel();
    this.#timer = ctx.channel.eventLoop.schedule(maxWaitMs, () => {
      // Another request came in time, and its response announces the close.
      if (!this.#isInFlight) this.#closeIdle(ctx, 'timeout');
    });
  }

  #closeIdle(ctx: Context, trigger: ConnectionCloseTrigger): void {
    this.#tell(ctx, trigger);
    ctx.close();
  }

  #tell(ctx: Context, trigger: ConnectionCloseTrigger): void {
    if (this.#event === undefined || !ctx.channel.isActive) return;
    ctx.pipeline.fireUserEventTriggered(new ConnectionCloseHandledEvent(this.#event, trigger));
  }
}
