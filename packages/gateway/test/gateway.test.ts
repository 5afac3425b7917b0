import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { HttpServerCodec } from '@sluice/codec-http';
import { silentLogger, handlerList } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, Filter, ZuulFilterChainHandler } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { Http1ConnectionCloseHandler, HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import { ConnectionPoolHandler, OriginResponseReceiver } from '@sluice/origin';
import type { DiscoveredServer } from '@sluice/discovery';
import { RouterFilter } from '@sluice/router';
import { Subject } from 'rxjs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Gateway, ListenError } from '../src/index.ts';
import type { GatewayDeclaration } from '../src/index.ts';

const HANDLERS = handlerList(
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);
const ANY_PORT: SocketAddress = { host: '127.0.0.1', port: 0 };

describe('a declaration', () => {
  it.each<[string, Partial<GatewayDeclaration>, string]>([
    [
      'a route to an origin that is not declared',
      { routes: [{ origin: 'api' }] },
      'routes[0].origin: expected the name of an origin (there is none), found "api"',
    ],
    [
      'two origins of one name',
      {
        origins: [
          { name: 'a', servers: [] },
          { name: 'a', servers: [] },
        ],
      },
      'There are two origins named "a".',
    ],
    [
      'a handler without the one it needs',
      { listeners: [{ address: ANY_PORT, handlers: HANDLERS.slice(1) }] },
      'Http1ConnectionCloseHandler needs HttpServerCodec before it. Add it to the list.',
    ],
    [
      'a handler before the one it needs',
      { listeners: [{ address: ANY_PORT, handlers: HANDLERS.toReversed() }] },
      'must come after',
    ],
    [
      'origin handlers without the last one',
      { originHandlers: [HttpServerCodec] },
      'originHandlers: ConnectionPoolHandler is missing. Add it at the end of [HttpServerCodec].',
    ],
    [
      'origin handlers without the codec',
      { originHandlers: [OriginResponseReceiver, ConnectionPoolHandler] },
      'OriginResponseReceiver needs HttpClientCodec before it. Add it to the list.',
    ],
    [
      'an option of an origin out of range',
      { origins: [{ name: 'a', servers: [], options: { maxConnections: -1 } }] },
      'origins[0].options.maxConnections must be a whole number from 1; got -1.',
    ],
  ])('with %s is refused', (_what, wrong, message) => {
    expect(() => gatewayWith(wrong)).toThrow(message);
  });
});

describe('the routes of a declaration', () => {
  it('are found before the filters run, but for one that says it comes first', async () => {
    const seen: (string | undefined)[] = [];
    @Filter({ type: 'inbound', before: [RouterFilter] })
    class WithoutLanguage implements InboundFilter {
      apply(request: HttpRequestMessage): void {
        request.path = request.path.replace(/^\/(?:en|de)(?=\/)/, '');
      }
    }
    @Filter({ type: 'inbound' })
    class Witness implements InboundFilter {
      apply({ target }: HttpRequestMessage, { routeName }: SessionContext): void {
        seen.push(routeName, target);
      }
    }
    const gateway = gatewayWith({
      filters: [Witness, WithoutLanguage],
      routes: [{ name: 'shop', path: { exact: '/shop' }, redirect: { path: '/new' } }],
    });
    await gateway.start();
    const response = await fetch(`http://127.0.0.1:${portsOf(gateway)[0]}/de/shop`, { redirect: 'manual' });

    expect(response.headers.get('location')).toBe('/new');
    expect(seen).toEqual(['shop', '/shop']);
  });

  it('are warned of when they are never taken', () => {
    const warnings: object[] = [];
    const logger = { ...silentLogger, warn: (fields: object) => void warnings.push(fields) };
    gatewayWith({
      logger,
      origins: [{ name: 'a', servers: [] }],
      routes: [{ origin: 'a' }, { prefix: '/api', origin: 'a' }],
    });

    expect(warnings).toEqual([{ route: 'routes[1]', by: 'routes[0]' }]);
  });

  it('are refused when they turn off a filter that is not there', () => {
    const response = { status: 200 };

    expect(() => gatewayWith({ routes: [{ response, filters: { cors: false } }] })).toThrow(
      'routes[0].filters: expected the name of a filter (there is none), found "cors"',
    );
  });
});

describe('Gateway.start', () => {
  it('listens when the servers of its origins are known, and no sooner', async () => {
    const servers$ = new Subject<readonly DiscoveredServer[]>();
    const gateway = gatewayWith({ origins: [{ name: 'a', discovery: { servers$ } }] });
    const started = gateway.start();
    await Promise.resolve();
    expect(gateway.addresses).toEqual([]);
    servers$.next([{ address: ANY_PORT }]);
    await started;

    expect(gateway.addresses).toHaveLength(1);
  });

  it('is given up by a stop while servers are still looked for', async () => {
    const servers$ = new Subject<readonly DiscoveredServer[]>();
    const gateway = gatewayWith({ origins: [{ name: 'a', discovery: { servers$ } }] });
    const started = gateway.start();
    await gateway.stop();
    await started;

    expect(gateway.addresses).toEqual([]);
    expect(servers$.observed).toBe(false);
  });

  it('listens on every address, and says which port it got', async () => {
    const gateway = gatewayWith({ listeners: [listener(), listener()] });
    expect(gateway.addresses).toEqual([]);
    await gateway.start();

    expect(gateway.addresses).toHaveLength(2);
    for (const port of portsOf(gateway)) expect(await canConnect(port)).toBe(true);
  });

  it('rejects with what to do when a port is in use, and listens on nothing', async () => {
    const free = await freePort();
    const taken = await takenPort();
    const gateway = gatewayWith({ listeners: [listener(free), listener(taken)] });
    const error = await gateway.start().catch((cause: unknown) => cause);

    expect(error).toBeInstanceOf(ListenError);
    expect(error).toMatchObject({
      code: 'SLUICE_LISTEN',
      message: `127.0.0.1:${taken} is in use by another program. Stop that program, or listen on another port.`,
    });
    expect(gateway.addresses).toEqual([]);
    expect(await canConnect(free)).toBe(false);
  });

  it('may be tried again when it has failed', async () => {
    const { port, server } = await taken();
    const gateway = gatewayWith({ listeners: [listener(port)] });
    await expect(gateway.start()).rejects.toThrow('in use');
    server.close();
    await once(server, 'close');
    await gateway.start();

    expect(portsOf(gateway)).toEqual([port]);
  });

  it('names an address that is not of this machine', async () => {
    const gateway = gatewayWith({
      listeners: [{ address: { host: '192.0.2.1', port: 0 }, handlers: HANDLERS }],
    });

    await expect(gateway.start()).rejects.toThrow(
      '192.0.2.1:0 is not an address of this machine. Take one that it has',
    );
  });

  it('is refused while the gateway runs and once it was stopped', async () => {
    const gateway = gatewayWith({});
    await gateway.start();
    await expect(gateway.start()).rejects.toThrow("A gateway that was started can't be started.");
    await gateway.stop();

    await expect(gateway.start()).rejects.toThrow("A gateway that was stopped can't be started.");
  });
});

describe('Gateway.stop', () => {
  it('closes the connections of clients and stops listening', async () => {
    const gateway = gatewayWith({});
    await gateway.start();
    const [port = 0] = portsOf(gateway);
    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
    await once(client, 'data');
    expect(gateway.connectionCount).toBe(1);
    const closed = once(client, 'close');
    await gateway.stop();
    await closed;

    expect(gateway.connectionCount).toBe(0);
    expect(await canConnect(port)).toBe(false);
  });

  it('closes what was listening when it comes while the gateway starts', async () => {
    const gateway = gatewayWith({ listeners: [listener(), listener()] });
    const starting = gateway.start();
    await gateway.stop();
    await starting;

    expect(gateway.addresses).toEqual([]);
  });

  it('may come twice, and before any start', async () => {
    const gateway = gatewayWith({});
    await gateway.stop();
    await gateway.stop();

    expect(gateway.addresses).toEqual([]);
  });
});

function gatewayWith(declaration: Partial<GatewayDeclaration>): Gateway {
  const gateway = new Gateway({ listeners: [listener()], logger: silentLogger, ...declaration });
  onTestFinished(() => gateway.stop());
  return gateway;
}

function listener(port = 0) {
  return { address: { host: '127.0.0.1', port }, handlers: HANDLERS };
}

function portsOf(gateway: Gateway): number[] {
  return gateway.addresses.map((address) => ('port' in address ? address.port : 0));
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function taken(): Promise<{ port: number; server: Server }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, server };
}

async function takenPort(): Promise<number> {
  return (await taken()).port;
}

async function freePort(): Promise<number> {
  const { port, server } = await taken();
  server.close();
  await once(server, 'close');
  return port;
}
