import { HttpContent, HttpObject, HttpServerCodec } from '@sluice/codec-http';
import type { HttpRequest, HttpWireMessage } from '@sluice/codec-http';
import { AttributeKey } from '@sluice/core';
import type { Channel, ChannelDuplexHandler, ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import { CompleteEvent, StartEvent } from '@sluice/handler-http';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { HttpMetrics } from './http-metrics.ts';
import type { HttpMetricsSide } from './http-metrics.ts';
import { listenerId } from './listener-id.ts';
import { MetricsRegistry } from './metrics-registry.ts';

type Context = ChannelHandlerContext<HttpWireMessage, HttpWireMessage>;

/** The exchange under way on a channel; there while it is counted, so that nothing is taken off twice. */
interface Exchange {
  readonly metrics: HttpMetrics;
  readonly request: HttpRequest;
  readonly startedAt: number;
  readBytes: number;
  writtenBytes: number;
}

/** The figures that a channel's exchanges are counted in, found once for each channel. */
const METRICS = AttributeKey.newInstance<HttpMetrics>('_httpmetrics');

const EXCHANGE = AttributeKey.newInstance<Exchange>('_httpmetrics_exchange');

/** Counts the requests of clients by listener: those under way, how they ended, how long they took and how large they were. What passes in a tunnel is of its size. */
@Handler({ name: 'http-metrics', sharable: true, requires: [HttpServerCodec] })
export class HttpMetricsChannelHandler implements ChannelDuplexHandler<
  HttpWireMessage,
  HttpWireMessage,
  HttpWireMessage
> {
  readonly sharable = true;
  readonly #registry: MetricsRegistry;
  /** Whose exchanges these are. */
  protected readonly side: HttpMetricsSide = 'server';

  constructor(@inject(MetricsRegistry) registry: MetricsRegistry) {
    this.#registry = registry;
  }

  channelRead(ctx: Context, message: HttpWireMessage): void {
    const bytes = bytesOf(message);
    if (bytes > 0) {
      const exchange = ctx.channel.attr(EXCHANGE).get();
      if (exchange !== undefined) exchange.readBytes += bytes;
    }
    ctx.fireChannelRead(message);
  }

  write(ctx: Context, message: HttpWireMessage, promise: ChannelPromise | undefined): void {
    const bytes = bytesOf(message);
    if (bytes > 0) {
      const exchange = ctx.channel.attr(EXCHANGE).get();
      if (exchange !== undefined) exchange.writtenBytes += bytes;
    }
    ctx.write(message, promise);
  }

  channelInactive(ctx: Context): void {
    ctx.fireChannelInactive();
    this.handlerRemoved(ctx);
  }

  /** A channel that goes on without this handler is not counted any more. */
  handlerRemoved({ channel }: Context): void {
    channel.attr(EXCHANGE).getAndSet(undefined)?.metrics.current.dec();
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof StartEvent) this.#start(ctx.channel, event);
    else if (event instanceof CompleteEvent) this.#complete(ctx.channel, event);
    ctx.fireUserEventTriggered(event);
  }

  /** The `id` label of an exchange on this channel. */
  protected idOf(channel: Channel): string {
    return listenerId(channel);
  }

  /** Observes the sizes of the two bodies of an exchange that is over. */
  protected observeSizes(
    metrics: HttpMetrics,
    { request, response }: CompleteEvent,
    readBytes: number,
    writtenBytes: number,
  ): void {
    metrics.requestSize.observe(readBytes);
    metrics.responseSize.observe(response?.sendsBodyTo(request.method) === false ? 0 : writtenBytes);
  }

  #start(channel: Channel, { request }: StartEvent): void {
    const metrics = this.#metricsOf(channel);
    const startedAt = channel.clock.turnNow();
    const exchange = { metrics, request, startedAt, readBytes: 0, writtenBytes: 0 };
    channel.attr(EXCHANGE).getAndSet(exchange)?.metrics.current.dec();
    metrics.current.inc();
  }

  #complete(channel: Channel, event: CompleteEvent): void {
    const { reason, request, response } = event;
    const exchange = channel.attr(EXCHANGE).get();
    if (exchange?.request !== request) return;
    channel.attr(EXCHANGE).set(undefined);
    const { metrics, startedAt, readBytes, writtenBytes } = exchange;
    metrics.current.dec();
    metrics.complete(reason, response, channel.clock.now() - startedAt);
    this.observeSizes(metrics, event, readBytes, writtenBytes);
  }

  #metricsOf(channel: Channel): HttpMetrics {
    const bound = channel.attr(METRICS);
    const known = bound.get();
    if (known !== undefined) return known;
    const metrics = HttpMetrics.of(this.#registry, this.side, this.idOf(channel));
    bound.set(metrics);
    return metrics;
  }
}

/** What a message has of a body, or of what passes in a tunnel. */
function bytesOf(message: HttpWireMessage): number {
  if (message instanceof HttpContent) return message.data.length;
  return message instanceof HttpObject ? 0 : message.length;
}
