import 'reflect-metadata';
import { HttpClientCodec } from '@sluice/codec-http';
import {
  ChannelInitializer,
  ChannelOption,
  formatAddress,
  NodeEventLoop,
  ServerBootstrap,
  SluiceError,
  socketTransport,
  stderrLogger,
  SystemClock,
} from '@sluice/core';
import type { Channel, Clock, EventLoop, Logger, SocketAddress, Transport } from '@sluice/core';
import { FILTER_LISTENER, filterOptions, FilterRegistry, resolveFilters } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { PipelineAssembler } from '@sluice/inject';
import type { HandlerClass, HandlerDescription } from '@sluice/inject';
import {
  ConnectionPoolHandler,
  OriginConnector,
  OriginManager,
  OriginResponseReceiver,
  ProxyEndpoint,
} from '@sluice/origin';
import type { Origin } from '@sluice/origin';
import { findShadowedRoutes, RouteTable, RouteTables } from '@sluice/router';
import { Container } from 'inversify';
import { ChannelGroup } from './channel-group.ts';
import { drain } from './drain.ts';
import type { DrainOptions, DrainReport } from './drain.ts';
import type { GatewayDeclaration, ListenerDeclaration } from './gateway-declaration.ts';
import { ListenError } from './listen-error.ts';
import { listenerContainer } from './listener-container.ts';
import type { ListenerStatus } from './listener-status.ts';
import { LOGGER } from './tokens.ts';
import { withRouter } from './with-router.ts';

/** The least that a connection to an origin needs. */
export const DEFAULT_ORIGIN_HANDLERS: readonly HandlerClass[] = [
  HttpClientCodec,
  OriginResponseReceiver,
  ConnectionPoolHandler,
];

/** Where a gateway is in its life. */
export type GatewayState = 'new' | 'started' | 'draining' | 'stopped';

interface Listener {
  readonly declaration: ListenerDeclaration;
  readonly assembler: PipelineAssembler;
  /** Once it listens. */
  server: Channel | undefined;
}

/**
 * A gateway made from a declaration.
 *
 *     const gateway = new Gateway({ listeners: [{ address, handlers }], origins, routes });
 *     await gateway.start();
 *
 * All that is declared is checked and resolved by the constructor; requests never meet the
 * container.
 */
export class Gateway {
  readonly #logger: Logger;
  readonly #eventLoop: EventLoop;
  readonly #transport: Transport;
  readonly #origins: OriginManager;
  readonly #originPipeline: PipelineAssembler;
  readonly #filters: FilterRegistry;
  readonly #listeners: readonly Listener[];
  readonly #connections = new ChannelGroup();
  #servers: Channel[] = [];
  #state: GatewayState = 'new';
  #starting: Promise<void> | undefined = undefined;

  /** Throws a {@link SluiceError} that names what is wrong with the declaration. */
  constructor(declaration: GatewayDeclaration) {
    const {
      logger = stderrLogger,
      clock = new SystemClock(),
      transport = socketTransport,
      eventLoop = new NodeEventLoop(clock, logger),
      originHandlers = DEFAULT_ORIGIN_HANDLERS,
    } = declaration;
    const container = new Container({ autobind: true });
    this.#logger = logger;
    this.#eventLoop = eventLoop;
    this.#transport = transport;
    container.bind(LOGGER).toConstantValue(logger);
    if (declaration.modules) container.load(...declaration.modules);
    requirePoolHandler(originHandlers);
    this.#originPipeline = new PipelineAssembler(container, originHandlers, 'originHandlers');
    const connector = new OriginConnector(eventLoop, this.#originPipeline, logger, transport);
    this.#origins = new OriginManager(declaration.origins ?? [], connector, eventLoop, {
      logger,
      transport,
      registry: container.isBound(MetricsRegistry) ? container.get(MetricsRegistry) : undefined,
      ...declaration.originServices,
    });
    container.bind(OriginManager).toConstantValue(this.#origins);
    const routes = new RouteTables(this.#routeTable(declaration));
    container.bind(RouteTables).toConstantValue(routes);
    const listener = container.isBound(FILTER_LISTENER) ? container.get(FILTER_LISTENER) : undefined;
    this.#filters = new FilterRegistry(filtersOf(declaration, container), { listener, logger });
    container.bind(FilterRegistry).toConstantValue(this.#filters);
    this.#listeners = declaration.listeners.map((listener) => ({
      declaration: listener,
      assembler: new PipelineAssembler(
        listenerContainer(container, listener),
        listener.handlers,
        `handlers of ${nameOf(listener)}`,
      ),
      server: undefined,
    }));
  }

  /** The addresses that are listened on, in the order of the declaration; empty before {@link start}. */
  get addresses(): readonly SocketAddress[] {
    return this.#servers.flatMap(({ localAddress }) => localAddress ?? []);
  }

  /** Open connections of clients. */
  get connectionCount(): number {
    return this.#connections.size;
  }

  /** The origin of this name, to look at; undefined when none is declared. */
  getOrigin(name: string): Origin | undefined {
    return this.#origins.getOrigin(name);
  }

  /** All origins, to look at. */
  get origins(): readonly Origin[] {
    return [...this.#origins.origins];
  }

  /** The filters, to look at and to turn on and off. */
  get filters(): FilterRegistry {
    return this.#filters;
  }

  /** The listeners as they are now, in the order of the declaration. */
  get listeners(): readonly ListenerStatus[] {
    return this.#listeners.map(({ declaration, assembler, server }) => ({
      name: nameOf(declaration),
      address: server?.localAddress ?? declaration.address,
      isListening: server?.isActive ?? false,
      connectionCount: server === undefined ? 0 : this.#connections.countOf(server),
      handlers: assembler.describe(),
    }));
  }

  /** The pipeline of every connection to an origin, head first. */
  get originHandlers(): readonly HandlerDescription[] {
    return this.#originPipeline.describe();
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** What its times are measured with. */
  get clock(): Clock {
    return this.#eventLoop.clock;
  }

  /**
   * Finds and checks the servers of all origins, then listens on all addresses. Rejects with a {@link ListenError}, and then listens on none and may
   * be started again; with a {@link SluiceError} when it was started or stopped before.
   */
  async start(): Promise<void> {
    if (this.#state !== 'new') {
      throw new SluiceError('SLUICE_GATEWAY_STATE', `A gateway that was ${this.#state} can't be started.`);
    }
    this.#state = 'started';
    this.#starting = this.#listenOnAll();
    await this.#starting;
  }

  /** Whether it listens and is not about to stop: what a readiness probe asks for. */
  get isReady(): boolean {
    return this.#state === 'started' && this.#servers.length === this.#listeners.length;
  }

  /**
   * Stops without losing a request: takes no more connections, tells the clients in the next
   * response that theirs ends, and stops when all have ended or the time is up.
   */
  async drain(options?: Partial<DrainOptions>): Promise<DrainReport> {
    this.#state = 'draining';
    await this.#starting?.catch(() => {});
    await this.#closeServers();
    const report = await drain(this.#connections, this.#eventLoop, options);
    await this.stop();
    return report;
  }

  /** Stops listening and closes every connection, to clients and to origins. */
  async stop(): Promise<void> {
    this.#state = 'stopped';
    // A start that still looks for servers need not find them any more.
    if (this.#servers.length === 0) this.#origins.close();
    await this.#starting?.catch(() => {});
    await this.#closeServers();
    await this.#connections.close();
    this.#origins.close();
    this.#filters.close();
  }

  async #listenOnAll(): Promise<void> {
    try {
      await this.#origins.start();
      if (this.#state !== 'started') return;
      for (const listener of this.#listeners) this.#servers.push(await this.#listen(listener));
    } catch (cause) {
      await this.#closeServers();
      await this.#connections.close();
      if (this.#state === 'started') this.#state = 'new';
      throw cause;
    }
  }

  async #closeServers(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close().toPromise()));
  }

  async #listen(listener: Listener): Promise<Channel> {
    const { declaration, assembler } = listener;
    const bound = new ServerBootstrap()
      .group(this.#eventLoop)
      .channelFactory(() => this.#transport.newServerChannel({ logger: this.#logger }))
      // A client may close its half and wait for the response (RFC 9112 §9.6).
      .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
      .childHandler(
        new ChannelInitializer((channel) => {
          this.#connections.add(channel);
          assembler.assemble(channel);
        }),
      )
      .bind(declaration.address);
    try {
      await bound.toPromise();
    } catch (cause) {
      throw new ListenError(declaration.address, cause);
    }
    listener.server = bound.channel;
    return bound.channel;
  }

  #routeTable({
    routes,
    virtualHosts,
    ambiguousPaths,
    origins = [],
    filters = [],
  }: GatewayDeclaration): RouteTable {
    const table = new RouteTable(
      { routes, virtualHosts, ambiguousPaths },
      { origins: new Set(origins.map(({ name }) => name)), filters: new Set(filters.map(filterName)) },
    );
    for (const { route, by } of findShadowedRoutes(table)) {
      this.#logger.warn(
        { route: route.place, by: by.place },
        'A route is never taken: an earlier one matches all.',
      );
    }
    return table;
  }
}

/** The other handlers that a connection to an origin can't do without are required by this one. */
function requirePoolHandler(originHandlers: readonly HandlerClass[]): void {
  if (originHandlers.includes(ConnectionPoolHandler)) return;
  const list = originHandlers.map(({ name }) => name).join(', ');
  throw new SluiceError(
    'SLUICE_ORIGIN_HANDLERS',
    `originHandlers: ConnectionPoolHandler is missing. Add it at the end of [${list}].`,
  );
}

function filtersOf(
  { filters = [], defaultEndpoint = ProxyEndpoint }: GatewayDeclaration,
  container: Container,
): ReturnType<typeof resolveFilters> {
  return resolveFilters(container, withRouter(filters), { defaultEndpoint });
}

function nameOf({ name, address }: ListenerDeclaration): string {
  return name ?? formatAddress(address);
}

function filterName(filter: FilterClass): string {
  return filterOptions(filter).name ?? filter.name;
}
