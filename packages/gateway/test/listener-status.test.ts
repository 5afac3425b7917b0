import { handlerList } from '@sluice/core';
import { once } from 'node:events';
import { connect } from 'node:net';
import { HttpServerCodec, HttpServerCodecOptions } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { MetricsRegistry, ServerChannelMetrics } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { Gateway } from '../src/index.ts';
import type { ListenerStatus } from '../src/index.ts';

const HANDLERS = handlerList(
  HttpServerCodec,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

it('shows the listeners with their true port, their connections and the options in force', async () => {
  const gateway = twoListeners();
  const declared = gateway.listeners;
  await gateway.start();
  const [first, second] = gateway.addresses;
  const socket = connect(portOf(second), '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  await once(socket, 'data');

  expect(declared.map(shown)).toEqual([
    ['public', 0, false, 0],
    ['127.0.0.1:0', 0, false, 0],
  ]);
  expect(gateway.listeners.map(shown)).toEqual([
    ['public', portOf(first), true, 0],
    ['127.0.0.1:0', portOf(second), true, 1],
  ]);
  const [codec] = gateway.listeners[0]?.handlers ?? [];
  expect(codec).toMatchObject({ name: 'http-server-codec', options: { maxFields: 7, maxTrailers: 100 } });
  expect(gateway.originHandlers.map(({ className }) => className)).toContain('HttpClientCodec');
});

it('counts under the name of a listener', async () => {
  const registry = new MetricsRegistry();
  const listen = (name: string) => ({
    name,
    address: { host: '127.0.0.1', port: 0 },
    handlers: handlerList(ServerChannelMetrics),
  });
  const gateway = new Gateway({
    listeners: [listen('public'), listen('internal')],
    modules: [new ContainerModule(({ bind }) => void bind(MetricsRegistry).toConstantValue(registry))],
  });
  onTestFinished(() => gateway.stop());
  await gateway.start();
  for (const address of gateway.addresses) await once(connect(portOf(address), '127.0.0.1'), 'connect');
  while (gateway.connectionCount < 2) await new Promise((resolve) => setImmediate(resolve));

  const figures = await exposition(registry);
  for (const name of ['public', 'internal'])
    expect(figures).toContain(`server_connections_connect_total{id="http-${name}"} 1\n`);
});

it('shows that it listens no more, and where it is in its life', async () => {
  const gateway = twoListeners();
  const states = [gateway.state];
  await gateway.start();
  states.push(gateway.state);
  const drained = gateway.drain();
  states.push(gateway.state);
  await drained;

  expect([...states, gateway.state]).toEqual(['new', 'started', 'draining', 'stopped']);
  expect(gateway.listeners.map(({ isListening }) => isListening)).toEqual([false, false]);
});

function twoListeners(): Gateway {
  const address = { host: '127.0.0.1', port: 0 };
  const options = { ...new HttpServerCodecOptions(), maxFields: 7 };
  const gateway = new Gateway({
    listeners: [
      { name: 'public', address, handlers: HANDLERS },
      { address, handlers: HANDLERS },
    ],
    modules: [new ContainerModule(({ bind }) => void bind(HttpServerCodecOptions).toConstantValue(options))],
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

function shown({ name, address, isListening, connectionCount }: ListenerStatus): readonly unknown[] {
  return [name, portOf(address), isListening, connectionCount];
}

function portOf(address: unknown): number {
  return (address as { port: number }).port;
}
