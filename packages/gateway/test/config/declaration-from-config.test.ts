import { HttpServerCodec } from '@sluice/codec-http';
import { parseYaml } from '@sluice/config';
import { Gateway } from '@sluice/gateway';
import { ComponentRegistry, declarationFromConfig } from '@sluice/gateway/config';
import { ClientRequestReceiver, ClientResponseWriter, Filter, ZuulFilterChainHandler } from '@sluice/filters';
import type { InboundFilter } from '@sluice/filters';
import { MaxInboundConnectionsHandler, MaxInboundConnectionsOptions } from '@sluice/handler-connection';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { IdleStateHandler, IdleStateOptions } from '@sluice/handler-idle-state';
import { ElbProxyProtocolOptions } from '@sluice/handler-proxy-protocol';
import { LoadBalancerOptions } from '@sluice/load-balancing';
import {
  ConnectionPoolHandler,
  OriginOptions,
  OriginResponseReceiver,
  OutlierDetectionOptions,
} from '@sluice/origin';
import { HttpClientCodec } from '@sluice/codec-http';
import { Container, inject } from 'inversify';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { listenerContainer } from '../../src/listener-container.ts';
import { load } from './support.ts';

class GreetingOptions {
  static readonly schema = z.strictObject({ words: z.enum(['hello', 'hi']) });
  readonly words: string = 'hello';
}

@Filter({ type: 'inbound', name: 'greeting' })
class Greeting implements InboundFilter {
  readonly options: GreetingOptions;

  constructor(@inject(GreetingOptions) options: GreetingOptions) {
    this.options = options;
  }

  apply(): void {}
}

const registry = new ComponentRegistry(
  {
    server: [
      IdleStateHandler,
      MaxInboundConnectionsHandler,
      HttpServerCodec,
      HttpServerLifecycleChannelHandler,
      ClientRequestReceiver,
      ZuulFilterChainHandler,
      ClientResponseWriter,
    ],
    origin: [HttpClientCodec, OriginResponseReceiver, ConnectionPoolHandler],
  },
  [],
  [{ name: 'greeting', filters: [Greeting] }],
);

const CONFIG = `
listeners:
  - address: 127.0.0.1:0
    name: one
    proxyProtocolFrom: [10.0.0.0/8]
    handlerOptions: { idle-state: { allIdleMs: 7 }, max-inbound-connections: { maxConnections: 3 } }
  - address: unix:/run/x
    without: [idle-state]
filters: [{ name: greeting, options: { words: hi } }]
origins: [{ name: web, servers: ['[::1]:80', 'unix:/o'], options: { maxConnections: 9 } }]
routes: [{ origin: web, filters: { greeting: false } }]
virtualHosts: [{ domains: [a.example], routes: [{ prefix: /b, origins: [{ origin: web, weight: 2 }] }] }]
`;

it('declares listeners, origins, routes and filters', async () => {
  const { config } = await load(CONFIG, {}, registry);
  const declaration = declarationFromConfig(config.value, registry);

  expect(declaration.listeners.map(({ name, address }) => [name, address])).toEqual([
    ['one', { host: '127.0.0.1', port: 0 }],
    [undefined, { path: '/run/x' }],
  ]);
  expect(declaration.listeners[1]?.handlers).toEqual(registry.lists.server.slice(1));
  expect(declaration.originHandlers).toEqual(registry.lists.origin);
  expect(declaration.filters).toEqual([Greeting]);
  expect(declaration.routes).toEqual([{ origin: 'web', filters: { greeting: false } }]);
  expect(declaration.virtualHosts).toEqual([
    { domains: ['a.example'], routes: [{ prefix: '/b', origins: [{ origin: 'web', weight: 2 }] }] },
  ]);
  expect(declaration.origins?.[0]).toMatchObject({
    name: 'web',
    servers: [{ host: '::1', port: 80 }, { path: '/o' }],
    options: { maxConnections: 9, connectTimeoutMs: 2000 },
  });
  expect(() => new Gateway(declaration)).not.toThrow();
});

it('gives a listener options of its own, and shared handlers only where it has none', async () => {
  const { config } = await load(CONFIG, {}, registry);
  const { listeners, modules = [] } = declarationFromConfig(config.value, registry);
  const root = new Container({ autobind: true });
  root.load(...modules);
  const [first, second] = listeners.map((listener) => listenerContainer(root, listener));

  expect(first?.get(IdleStateOptions)).toEqual({ ...new IdleStateOptions(), allIdleMs: 7 });
  expect(second?.get(IdleStateOptions)).toEqual(new IdleStateOptions());
  expect(first?.get(ElbProxyProtocolOptions).mode).toBe('required');
  expect(first?.get(MaxInboundConnectionsOptions).maxConnections).toBe(3);
  expect(first?.get(MaxInboundConnectionsHandler)).toBe(first?.get(MaxInboundConnectionsHandler));
  expect(first?.get(MaxInboundConnectionsHandler)).not.toBe(root.get(MaxInboundConnectionsHandler));
  expect(second?.get(MaxInboundConnectionsHandler)).toBe(root.get(MaxInboundConnectionsHandler));
  expect(root.get(Greeting).options).toEqual({ words: 'hi' });
});

it('keeps a shared handler one for all listeners that set nothing of it', async () => {
  const text = "listeners: [{ address: 'a:1', handlerOptions: { idle-state: { allIdleMs: 7 } } }]";
  const { config } = await load(text, {}, registry);
  const { listeners } = declarationFromConfig(config.value, registry);
  const root = new Container({ autobind: true });
  const containers = listeners.map((listener) => listenerContainer(root, listener));

  expect(containers[0]).not.toBe(root);
  expect(containers[0]?.get(MaxInboundConnectionsHandler)).toBe(root.get(MaxInboundConnectionsHandler));
});

it('takes what the program knows where the file says nothing else', async () => {
  const base = new Map([[IdleStateOptions, { ...new IdleStateOptions(), allIdleMs: 1, writerIdleMs: 2 }]]);
  const { config } = await load(CONFIG, {}, registry);
  const { listeners, modules = [] } = declarationFromConfig(config.value, registry, base);
  const root = new Container({ autobind: true });
  root.load(...modules);
  const [first, second] = listeners.map((listener) => listenerContainer(root, listener));

  expect(first?.get(IdleStateOptions)).toMatchObject({ allIdleMs: 7, writerIdleMs: 2 });
  expect(second?.get(IdleStateOptions)).toMatchObject({ allIdleMs: 1, writerIdleMs: 2 });
});

it('checks options of a class that has a schema by that', async () => {
  const text = "listeners: [{ address: 'a:1' }]\nfilters: [{ name: greeting, options: { words: hallo } }]";

  await expect(load(text, {}, registry)).rejects.toThrow(
    'filters[0].options.words: found "hallo", expected one of "hello", "hi". Did you mean "hello"?',
  );
});

it.each([
  ['maxHeadBytes: 65537', 'found 65537, expected a number of at most 65536.'],
  ['maxFields: 0', 'found 0, expected a number of at least 1.'],
])('takes no limit of the codec outside its range: %s', async (option, fault) => {
  const text = `listeners: [{ address: 'a:1', handlerOptions: { http-server-codec: { ${option} } } }]`;
  const [name = ''] = option.split(':');

  await expect(load(text, {}, registry)).rejects.toThrow(
    `listeners[0].handlerOptions.http-server-codec.${name}: ${fault}`,
  );
});

it('reads a file of servers as YAML where its name says so', async () => {
  const text = `
listeners: [{ address: 127.0.0.1:0 }]
routes: [{ response: { status: 204 } }]
origins:
  - { name: a, discovery: { type: file, path: a.yaml } }
  - { name: b, discovery: { type: file, path: b.json } }`;
  const { config } = await load(text, {}, registry);
  const [a, b] = declarationFromConfig(config.value, registry).origins ?? [];

  expect(a?.discovery).toMatchObject({ type: 'file', path: 'a.yaml', parse: parseYaml });
  expect(parseYaml('- { host: c, port: 1 }')).toEqual([{ host: 'c', port: 1 }]);
  expect(b?.discovery).toEqual({ type: 'file', path: 'b.json' });
});

it('declares all that an origin can be told', async () => {
  const text = `listeners: [{ address: 'a:1' }]
routes: [{ origin: web }]
origins:
  - name: web
    servers: [a:1, { address: 'b:2', weight: 3, priority: 1 }]
    discovery: { type: dns, names: [{ host: c, port: 3 }], family: ipv4 }
    loadBalancer: { policy: maglev, maglevTableSize: 7 }
    hashPolicy: [{ type: cookie, name: id, ttlMs: 0 }, { type: source-address }]
    healthCheck: { path: /alive, expectedStatuses: [200, [301, 303]] }
    outlierDetection: { consecutive5xx: 3 }
    tls: { serverName: d }
    options: { maxPendingRequests: 1, maxRetries: 2 }`;
  const { config } = await load(text, {}, registry);
  const [origin] = declarationFromConfig(config.value, registry).origins ?? [];

  expect(origin).toMatchObject({
    servers: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2, weight: 3, priority: 1 },
    ],
    discovery: { type: 'dns', names: [{ host: 'c', port: 3 }], family: 'ipv4' },
    loadBalancer: { ...new LoadBalancerOptions(), policy: 'maglev', maglevTableSize: 7 },
    hashPolicy: [{ type: 'cookie', name: 'id', ttlMs: 0 }, { type: 'source-address' }],
    healthCheck: { path: '/alive', expectedStatuses: [200, [301, 303]], intervalMs: 5000 },
    outlierDetection: { ...new OutlierDetectionOptions(), consecutive5xx: 3 },
    tls: { serverName: 'd', minVersion: 'TLSv1.2', ca: [] },
    options: { ...new OriginOptions(), maxPendingRequests: 1, maxRetries: 2 },
  });
  expect(() => new Gateway({ listeners: [], origins: origin ? [origin] : [] })).not.toThrow();
});
