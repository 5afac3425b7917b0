import { HttpClientCodec } from '@sluice/codec-http';
import { formatAddress, handlerList, SluiceError } from '@sluice/core';
import type { Logger } from '@sluice/core';
import {
  destroyFilter,
  ErrorEndpoint,
  FILTER_LISTENER,
  filterOptions,
  FilterRegistry,
  resolveFilters,
} from '@sluice/filters';
import type { Destroyable, FilterClass, FilterSet } from '@sluice/filters';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { handlerOptions, PipelineAssembler, WorkerPlace } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import {
  ConnectionPoolHandler,
  OriginManager,
  OriginResponseReceiver,
  ProxyEndpoint,
  shareLimits,
} from '@sluice/origin';
import { findShadowedRoutes, RouteTable, RouteTables } from '@sluice/router';
import { Container } from 'inversify';
import type { Newable } from 'inversify';
import { carryOver, shareUnbound } from './carry-over.ts';
import { checkDeclaration } from './check-declaration.ts';
import { warnOfDrain } from './drain-place.ts';
import type { GatewayDeclaration, ListenerDeclaration } from './gateway-declaration.ts';
import type { GatewayRuntime } from './gateway-runtime.ts';
import { listenerContainer } from './listener-container.ts';
import { checkTlsPlace } from './tls-place.ts';
import { LOGGER } from './tokens.ts';
import { withRouter } from './with-router.ts';

/** The least that a connection to an origin needs. */
export const DEFAULT_ORIGIN_HANDLERS = handlerList(
  HttpClientCodec,
  OriginResponseReceiver,
  ConnectionPoolHandler,
);

// The same over reloads: made anew, it would be another dependency, and what counts by it would begin anew.
const ONLY_PROCESS = new WorkerPlace();

/** A declared listener with what fills the pipelines of its connections. */
export interface ListenerPlan {
  /** The same in the next declaration as long as the listener stays: its address. */
  readonly key: string;
  readonly declaration: ListenerDeclaration;
  /** In logs and metrics. */
  readonly name: string;
  readonly container: Container;
  readonly assembler: PipelineAssembler;
}

/**
 * A declaration, checked and resolved as a whole. Requests have all of it by the filters that they
 * start with: the router and the endpoint among them hold the routes and origins of this snapshot.
 */
export class GatewaySnapshot {
  readonly origins: OriginManager;
  readonly filters: FilterSet;
  readonly registry: FilterRegistry;
  readonly originPipeline: PipelineAssembler;
  readonly listeners: readonly ListenerPlan[];
  readonly #container = new Container({ autobind: true });
  readonly #logger: Logger;
  /** All filters by their instances, also those of a declaration that turned out to be wrong. */
  readonly #filters = new Map<Destroyable, string>();
  /** What filters inject and nobody has bound. */
  #shared: ReadonlyMap<Newable, object> = new Map();
  #isDiscarded = false;

  /**
   * Throws a SluiceError that names what is wrong with the declaration. What `previous` has and is
   * declared as before is taken over.
   */
  constructor(declaration: GatewayDeclaration, runtime: GatewayRuntime, previous?: GatewaySnapshot) {
    checkDeclaration(declaration);
    const { logger, transport, eventLoop, connector } = runtime;
    this.#logger = logger;
    const { originHandlers = DEFAULT_ORIGIN_HANDLERS, originServices, origins = [] } = declaration;
    const container = this.#container;
    container.bind(LOGGER).toConstantValue(logger);
    if (declaration.modules) container.load(...declaration.modules);
    // Not `isBound`, which binds a class to itself.
    if (!container.isCurrentBound(WorkerPlace)) container.bind(WorkerPlace).toConstantValue(ONLY_PROCESS);
    requirePoolHandler(originHandlers);
    const registry = container.isBound(MetricsRegistry) ? container.get(MetricsRegistry) : undefined;
    const services = { logger, transport, registry, ...originServices };
    const place = container.get(WorkerPlace);
    const shares = origins.map((origin) => shareLimits(origin, place));
    this.origins = new OriginManager(shares, connector, eventLoop, services, previous?.origins);
    try {
      container.bind(OriginManager).toConstantValue(this.origins);
      container.bind(RouteTables).toConstantValue(new RouteTables(routeTable(declaration, logger)));
      this.filters = this.#resolveFilters(declaration, previous);
      this.registry = previous?.registry ?? this.#newRegistry(logger);
      container.bind(FilterRegistry).toConstantValue(this.registry);
      this.#keepHandlers(declaration, originHandlers, previous);
      this.originPipeline = new PipelineAssembler(container, originHandlers, 'originHandlers');
      this.listeners = this.#plan(declaration.listeners, previous, logger);
    } catch (cause) {
      this.discard(previous);
      throw cause;
    }
  }

  /** Gives up what was made for it and is not used; `previous` stays in use. */
  discard(previous: GatewaySnapshot | undefined): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.origins.closeUnlessIn(previous === undefined ? [] : [previous.origins]);
    const kept = previous === undefined ? new Map<Destroyable, string>() : previous.#filters;
    for (const [filter, name] of this.#filters) {
      if (!kept.has(filter)) destroyFilter(filter, name, this.#logger);
    }
  }

  #newRegistry(logger: Logger): FilterRegistry {
    const container = this.#container;
    const listener = container.isBound(FILTER_LISTENER) ? container.get(FILTER_LISTENER) : undefined;
    return new FilterRegistry(this.filters, { listener, logger });
  }

  #resolveFilters(
    { filters = [], defaultEndpoint = ProxyEndpoint, errorEndpoint = ErrorEndpoint }: GatewayDeclaration,
    previous: GatewaySnapshot | undefined,
  ): FilterSet {
    const all = withRouter(filters);
    this.#shared = shareUnbound(this.#container, all, previous && previous.#shared);
    if (previous !== undefined) {
      const before = new Set(previous.filters.entries.map(({ filter }) => filter.constructor));
      const stay = all.filter((filter) => before.has(filter));
      carryOver(previous.#container, this.#container, stay);
    }
    const onMade = (filter: Destroyable, name: string): void => void this.#filters.set(filter, name);
    return resolveFilters(this.#container, all, { defaultEndpoint, errorEndpoint, onMade });
  }

  /** Sharable handlers, such as one that counts the connections of all listeners. */
  #keepHandlers(
    { listeners }: GatewayDeclaration,
    originHandlers: readonly HandlerClass[],
    previous: GatewaySnapshot | undefined,
  ): void {
    if (previous === undefined) return;
    const all = [...originHandlers, ...listeners.flatMap(({ handlers }) => handlers)];
    const sharable = all.filter((handler) => handlerOptions(handler).sharable);
    carryOver(previous.#container, this.#container, sharable);
  }

  #plan(
    declared: readonly ListenerDeclaration[],
    previous: GatewaySnapshot | undefined,
    logger: Logger,
  ): readonly ListenerPlan[] {
    const count = new Map<string, number>();
    return declared.map((declaration) => {
      const address = formatAddress(declaration.address);
      const earlier = count.get(address) ?? 0;
      count.set(address, earlier + 1);
      // Several may have port 0: the first of them stays the first.
      const key = `${address} ${earlier}`;
      const before = previous?.listeners.find((plan) => plan.key === key)?.container;
      const isOwn = previous !== undefined && before !== previous.#container;
      const container = listenerContainer(this.#container, declaration, isOwn ? before : undefined);
      const { name = address, handlers } = declaration;
      const listName = `handlers of ${name}`;
      const assembler = new PipelineAssembler(container, handlers, listName);
      checkTlsPlace(handlers, declaration.tls !== undefined, listName);
      if (before === undefined) warnOfDrain(handlers, name, logger);
      return { key, declaration, name, container, assembler };
    });
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

function routeTable(
  { routes, virtualHosts, ambiguousPaths, origins = [], filters = [] }: GatewayDeclaration,
  logger: Logger,
): RouteTable {
  const table = new RouteTable(
    { routes, virtualHosts, ambiguousPaths },
    { origins: new Set(origins.map(({ name }) => name)), filters: new Set(filters.map(filterName)) },
  );
  for (const { route, by } of findShadowedRoutes(table)) {
    logger.warn({ route: route.place, by: by.place }, 'A route is never taken: an earlier one matches all.');
  }
  return table;
}

function filterName(filter: FilterClass): string {
  return filterOptions(filter).name ?? filter.name;
}
