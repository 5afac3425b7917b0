import { AttributeKey } from '@sluice/core';
import type { Channel, ChannelHandlerContext, ChannelInboundHandler, Transparent } from '@sluice/core';
import { CONNECTION_THROTTLED_EVENT } from '@sluice/handler-connection';
import { IdleStateEvent } from '@sluice/handler-idle-state';
import { Handler } from '@sluice/inject';
import { inject } from 'inversify';
import { ConnectionMetrics } from './connection-metrics.ts';
import { errorLabel } from './error-label.ts';
import type { Gauge } from './gauge.ts';
import { listenerId } from './listener-id.ts';
import { MetricsRegistry } from './metrics-registry.ts';

type Context = ChannelHandlerContext<Transparent>;

/** While a client's connection is counted: the open connections of its listener, to be logged for example. */
export const SERVER_CONNECTIONS_COUNT = AttributeKey.newInstance<Gauge>('_server_connections_count');

/**
 * Counts the connections of clients by listener: open ones, opened, closed, failed, idle and
 * throttled. It stands before the handler that throttles, so a throttled connection counts as
 * opened, throttled and closed.
 */
@Handler({ name: 'server-channel-metrics', sharable: true })
export class ServerChannelMetrics implements ChannelInboundHandler {
  readonly sharable = true;
  readonly #registry: MetricsRegistry;
  readonly #listeners = new Map<string, ConnectionMetrics>();

  constructor(@inject(MetricsRegistry) registry: MetricsRegistry) {
    this.#registry = registry;
  }

  channelActive(ctx: Context): void {
    const { current, connect } = this.#metricsOf(ctx.channel);
    if (ctx.channel.attr(SERVER_CONNECTIONS_COUNT).setIfAbsent(current) === undefined) {
      current.inc();
      connect.inc();
    }
    ctx.fireChannelActive();
  }

  channelInactive(ctx: Context): void {
    ctx.fireChannelInactive();
    this.#closed(ctx.channel);
  }

  /** A channel that goes on without this handler is not counted any more. */
  handlerRemoved(ctx: Context): void {
    this.#closed(ctx.channel);
  }

  userEventTriggered(ctx: Context, event: object): void {
    if (event === CONNECTION_THROTTLED_EVENT) this.#metricsOf(ctx.channel).throttled.inc();
    else if (event instanceof IdleStateEvent) this.#metricsOf(ctx.channel).idleTimeout.inc();
    ctx.fireUserEventTriggered(event);
  }

  exceptionCaught(ctx: Context, cause: unknown): void {
    const metrics = this.#metricsOf(ctx.channel);
    metrics.errors.inc();
    metrics.exceptions.labels(metrics.id, errorLabel(cause)).inc();
    ctx.fireExceptionCaught(cause);
  }

  #closed(channel: Channel): void {
    const current = channel.attr(SERVER_CONNECTIONS_COUNT).getAndSet(undefined);
    if (current === undefined) return;
    current.dec();
    this.#metricsOf(channel).close.inc();
  }

  #metricsOf(channel: Channel): ConnectionMetrics {
    const id = listenerId(channel);
    const known = this.#listeners.get(id);
    if (known !== undefined) return known;
    const metrics = new ConnectionMetrics(this.#registry, id);
    this.#listeners.set(id, metrics);
    return metrics;
  }
}
