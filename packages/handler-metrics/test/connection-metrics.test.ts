import { EmbeddedChannel, silentLogger } from '@sluice/core';
import { MaxInboundConnectionsHandler } from '@sluice/handler-connection';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { expect, it } from 'vitest';
import {
  LISTENER_NAME,
  MetricsRegistry,
  PerEventLoopMetricsChannelHandler,
  SERVER_CONNECTIONS_COUNT,
  ServerChannelMetrics,
} from '@sluice/handler-metrics';
import { samplesOf } from './samples.ts';

it('counts a connection from its opening to its close', async () => {
  const registry = new MetricsRegistry();
  const metrics = new ServerChannelMetrics(registry);
  const first = connect(metrics);
  connect(metrics);

  expect(await samplesOf(registry, 'server_connections_c')).toEqual({
    'server_connections_current{id="http-8080"}': 2,
    'server_connections_connect_total{id="http-8080"}': 2,
    'server_connections_close_total{id="http-8080"}': 0,
  });
  expect(first.attr(SERVER_CONNECTIONS_COUNT).get()?.value).toBe(2);

  first.close();
  expect(await samplesOf(registry, 'server_connections_c')).toEqual({
    'server_connections_current{id="http-8080"}': 1,
    'server_connections_connect_total{id="http-8080"}': 2,
    'server_connections_close_total{id="http-8080"}': 1,
  });
});

it('counts a throttled connection as opened, throttled and closed', async () => {
  const registry = new MetricsRegistry();
  const metrics = new ServerChannelMetrics(registry);
  const limit = new MaxInboundConnectionsHandler({ maxTotalConnections: 1 });
  connect(metrics, limit);
  connect(metrics, limit);

  expect(await samplesOf(registry, 'server_connections')).toMatchObject({
    'server_connections_current{id="http-8080"}': 1,
    'server_connections_connect_total{id="http-8080"}': 2,
    'server_connections_close_total{id="http-8080"}': 1,
    'server_connections_throttled_total{id="http-8080"}': 1,
  });
});

it('counts idle times and errors, these by their code', async () => {
  const registry = new MetricsRegistry();
  const channel = connect(
    new IdleStateHandler({ allIdleMs: 1_000 }),
    new CloseOnIdleStateHandler(),
    new ServerChannelMetrics(registry),
  );
  channel.pipeline.fireExceptionCaught(Object.assign(new Error('reset by peer'), { code: 'ECONNRESET' }));
  channel.pipeline.fireExceptionCaught(new TypeError('not an error of the connection'));
  channel.pipeline.fireExceptionCaught('a string');
  channel.clock.advance(1_000);

  expect(() => channel.checkException()).toThrow('reset by peer');
  expect(await samplesOf(registry, 'server_connection')).toMatchObject({
    'server_connections_current{id="http-8080"}': 0,
    'server_connections_errors_total{id="http-8080"}': 3,
    'server_connections_idle_timeout_total{id="http-8080"}': 1,
    'server_connection_exception_inbound_total{id="http-8080",error="ECONNRESET"}': 1,
    'server_connection_exception_inbound_total{id="http-8080",error="TypeError"}': 1,
    'server_connection_exception_inbound_total{id="http-8080",error="other"}': 1,
  });
});

it('names a listener as its channel says', async () => {
  const registry = new MetricsRegistry();
  const parent = new EmbeddedChannel();
  parent.attr(LISTENER_NAME).set('public');
  const named = new EmbeddedChannel({ parent, handlers: [new ServerChannelMetrics(registry)] });
  const local = new EmbeddedChannel(new ServerChannelMetrics(registry));

  expect([named.isActive, local.isActive]).toEqual([true, true]);
  expect(await samplesOf(registry, 'server_connections_current')).toEqual({
    'server_connections_current{id="http-public"}': 1,
    'server_connections_current{id="http-unix"}': 1,
  });
});

it('lets go of a channel that the handlers are taken from', async () => {
  const registry = new MetricsRegistry();
  const handlers = [new ServerChannelMetrics(registry), new PerEventLoopMetricsChannelHandler(registry)];
  const channel = connect(...handlers);
  for (const handler of handlers) channel.pipeline.remove(handler);
  channel.close();

  expect(await samplesOf(registry, 'server_connections_c')).toEqual({
    'server_connections_current{id="http-8080"}': 0,
    'server_connections_connect_total{id="http-8080"}': 1,
    'server_connections_close_total{id="http-8080"}': 1,
  });
  expect(await samplesOf(registry, 'server_eventloop_connections')).toEqual({
    'server_eventloop_connections_current{eventloop="0"}': 0,
  });
});

it('counts the connections of each event loop apart', async () => {
  const registry = new MetricsRegistry();
  const handler = new PerEventLoopMetricsChannelHandler(registry);
  const first = connect(handler);
  connect(handler);
  connect(handler).close();
  first.pipeline.fireChannelActive();

  expect(await samplesOf(registry, 'server_eventloop_connections')).toEqual({
    'server_eventloop_connections_current{eventloop="0"}': 1,
    'server_eventloop_connections_current{eventloop="1"}': 1,
    'server_eventloop_connections_current{eventloop="2"}': 0,
  });
});

it('numbers the event loops of one of several processes from its own number', async () => {
  const registry = new MetricsRegistry();

  connect(new PerEventLoopMetricsChannelHandler(registry, { worker: 4, workers: 4 }));

  expect(await samplesOf(registry, 'server_eventloop_connections')).toEqual({
    'server_eventloop_connections_current{eventloop="3"}': 1,
  });
});

function connect(...handlers: readonly object[]): EmbeddedChannel {
  return new EmbeddedChannel({
    handlers,
    logger: silentLogger,
    localAddress: { host: '127.0.0.1', port: 8080 },
  });
}
