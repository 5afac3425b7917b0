import { AttributeKey } from '@sluice/core';
import type {
  Channel,
  ChannelHandlerContext,
  ChannelInboundHandler,
  EventLoop,
  Transparent,
} from '@sluice/core';
import { CompleteEvent, StartEvent } from '@sluice/handler-http';
import { Handler, WorkerPlace } from '@sluice/inject';
import { inject } from 'inversify';
import type { Gauge } from './gauge.ts';
import type { MetricFamily } from './metric-family.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const MAX_EVENT_LOOPS = 64;

type Context = ChannelHandlerContext<Transparent>;

interface LoopMetrics {
  readonly connections: Gauge;
  readonly requests: Gauge;
}

// While a channel is counted in a gauge, the gauge is on the channel: nothing is taken off twice.
const COUNTED_CONNECTION = AttributeKey.newInstance<Gauge>('_eventloop_metrics_connection');
const COUNTED_REQUEST = AttributeKey.newInstance<Gauge>('_eventloop_metrics_inflight');

/**
 * Counts open connections and requests under way by event loop. Loops are numbered in the order in which
 * they are first seen, from 0, in each worker from its own number.
 */
@Handler({ name: 'per-event-loop-metrics', sharable: true })
export class PerEventLoopMetricsChannelHandler implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #connections: MetricFamily<Gauge>;
  readonly #requests: MetricFamily<Gauge>;
  readonly #loops = new Map<EventLoop, LoopMetrics>();
  readonly #firstEventLoop: number;

  constructor(
    @inject(MetricsRegistry) registry: MetricsRegistry,
    @inject(WorkerPlace) { worker }: WorkerPlace = new WorkerPlace(),
  ) {
    this.#firstEventLoop = worker - 1;
    const labels = { eventloop: MAX_EVENT_LOOPS };
    this.#connections = registry.gauge({
      name: 'server.eventloop.connections.current',
      help: 'Open connections of clients on an event loop.',
      labels,
    });
    this.#requests = registry.gauge({
      name: 'server.eventloop.http.requests.current',
      help: 'Requests of clients under way on an event loop.',
      labels,
    });
  }

  channelActive(ctx: Context): void {
    countIn(ctx.channel, COUNTED_CONNECTION, this.#metricsOf(ctx.channel.eventLoop).connections);
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    ctx.fireChannelInactive();
    this.handlerRemoved(ctx);
  }

  /** A channel that goes on without this handler is not counted any more. */
  handlerRemoved({ channel }: Context): void {
    countOut(channel, COUNTED_REQUEST);
    countOut(channel, COUNTED_CONNECTION);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event instanceof StartEvent) {
      countIn(ctx.channel, COUNTED_REQUEST, this.#metricsOf(ctx.channel.eventLoop).requests);
    } else if (event instanceof CompleteEvent) countOut(ctx.channel, COUNTED_REQUEST);
    ctx.fireUserEventTriggered(event);
  }

  #metricsOf(loop: EventLoop): LoopMetrics {
    const known = this.#loops.get(loop);
    if (known !== undefined) return known;
    const number = String(this.#firstEventLoop + this.#loops.size);
    const metrics = {
      connections: this.#connections.labels(number),
      requests: this.#requests.labels(number),
    };
    this.#loops.set(loop, metrics);
    return metrics;
  }
}

function countIn(channel: Channel, key: AttributeKey<Gauge>, gauge: Gauge): void {
  if (channel.attr(key).setIfAbsent(gauge) === undefined) gauge.inc();
}

function countOut(channel: Channel, key: AttributeKey<Gauge>): void {
  channel.attr(key).getAndSet(undefined)?.dec();
}
