import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList, SluiceError } from '@sluice/core';
import type { InetSocketAddress, OrderedHandlers, SocketAddress, VirtualClock } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import type { DeclaredList, GatewayDeclaration } from '@sluice/gateway';
import { Http1ConnectionCloseHandler, HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import type { OriginConfig } from '@sluice/origin';
import type { RequestInit } from '../http/message-init.ts';
import type { ReceivedResponse } from '../http/received-message.ts';
import { LogRecorder } from './log-recorder.ts';
import type { TestClient } from './test-client.ts';
import { TestNetwork } from './test-network.ts';
import type { TestOrigin } from './test-origin.ts';
import type { Wire } from './wire.ts';

/** An origin with what an origin can be told beside its servers. */
export interface TestOriginDeclaration extends Omit<OriginConfig, 'name' | 'servers'> {
  readonly servers: readonly TestOrigin[];
}

/** A gateway's declaration, with origins that the test plays. */
export interface TestGatewayDeclaration<
  Handlers extends DeclaredList = DeclaredList,
  OriginHandlers extends DeclaredList = DeclaredList,
> extends Omit<
  GatewayDeclaration<readonly [], OriginHandlers>,
  'listeners' | 'origins' | 'clock' | 'transport' | 'eventLoop' | 'logger'
> {
  /** The pipeline of a client's connection, head first. Default: {@link LEAST_HANDLERS}. */
  readonly handlers?: Handlers & OrderedHandlers<Handlers>;
  /** By name. Default: none. */
  readonly origins?: Readonly<Record<string, TestOrigin | TestOriginDeclaration>>;
}

/** The least that answers HTTP, and ends its connections without losing a request. */
export const LEAST_HANDLERS = handlerList(
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

const ADDRESS: InetSocketAddress = { host: '10.0.0.1', port: 80 };

/**
 * A whole gateway in memory: its connections have no sockets, time passes when the test says so,
 * and everything runs in the same order each time.
 */
export class TestGateway {
  readonly gateway: Gateway;
  readonly log = new LogRecorder();
  readonly #network = new TestNetwork(this.log);

  /** Throws what the constructor of a Gateway throws for a declaration that is wrong. */
  constructor({
    handlers = LEAST_HANDLERS,
    origins = {},
    virtualHosts,
    routes = virtualHosts === undefined ? routesTo(origins) : [],
    ...rest
  }: TestGatewayDeclaration) {
    const { clock, transport, eventLoop } = this.#network;
    this.gateway = new Gateway({
      ...rest,
      listeners: [{ address: ADDRESS, handlers }],
      origins: Object.entries(origins).map(([name, origin], index) => this.#origin(name, origin, index)),
      routes,
      virtualHosts,
      clock,
      transport,
      eventLoop,
      logger: this.log,
    });
  }

  /** Time stands still until {@link advance}. */
  get clock(): VirtualClock {
    return this.#network.clock;
  }

  async start(): Promise<void> {
    await this.#network.until(this.gateway.start());
  }

  async stop(): Promise<void> {
    await this.#network.until(this.gateway.stop());
  }

  /** One request on a connection of its own. Rejects when no response comes without time passing. */
  async request(request: RequestInit = {}): Promise<ReceivedResponse> {
    const client = this.connect();
    try {
      return await client.request(request);
    } finally {
      client.close();
    }
  }

  /** A client's connection that speaks HTTP. `from` is what the gateway takes for the client's address. */
  connect(from?: InetSocketAddress): TestClient {
    return this.#network.connect(ADDRESS, from);
  }

  /** A client's connection in bytes. */
  connectRaw(from?: InetSocketAddress): Wire {
    return this.#network.connectRaw(ADDRESS, from);
  }

  /** Moves virtual time on, and runs what falls due on the way. */
  advance(ms: number): void {
    this.#network.advance(ms);
  }

  /** Runs all that can run now. The calls of clients and origins do that by themselves. */
  turn(): void {
    this.#network.turn();
  }

  /** As {@link turn}, and lets promises that are settled have their effect, until nothing moves. */
  async settle(): Promise<void> {
    await this.#network.settle();
  }

  #origin(name: string, origin: TestOrigin | TestOriginDeclaration, index: number): OriginConfig {
    const { servers, ...rest } = 'servers' in origin ? origin : { servers: [origin] };
    const addresses = servers.map((server, at): SocketAddress => {
      const address = { host: `10.1.${index}.${at + 1}`, port: 80 };
      this.#network.listen(address, server);
      return address;
    });
    return { name, servers: addresses, ...rest };
  }
}

/**
 * Makes and starts a {@link TestGateway}:
 *
 *     const api = fakeOrigin({ body: 'hello' });
 *     const gateway = await testGateway({ origins: { api } });
 *     expect((await gateway.request({ target: '/a' })).text).toBe('hello');
 *
 * With one origin and neither routes nor virtual hosts, every request goes there.
 */
export function testGateway<const Handlers extends DeclaredList, const OriginHandlers extends DeclaredList>(
  declaration: TestGatewayDeclaration<Handlers, OriginHandlers>,
): Promise<TestGateway>;
export async function testGateway(declaration: TestGatewayDeclaration): Promise<TestGateway> {
  const gateway = new TestGateway(declaration);
  await gateway.start();
  return gateway;
}

function routesTo(origins: object): NonNullable<GatewayDeclaration['routes']> {
  const names = Object.keys(origins);
  if (names.length > 1) {
    throw new SluiceError(
      'SLUICE_TEST_ROUTES',
      `There are ${names.length} origins and no routes; say which requests go to which of ${names.join(', ')}.`,
    );
  }
  return names.map((origin) => ({ origin }));
}
