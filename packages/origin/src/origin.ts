import { isSameData, stderrLogger } from '@sluice/core';
import type { ChannelFuture, ChannelHandler, EventLoop } from '@sluice/core';
import type { DiscoveredServer } from '@sluice/discovery';
import type { HttpRequestMessage } from '@sluice/filters';
import { PriorityLoadBalancer } from '@sluice/load-balancing';
import type { ServerChoice } from './balancing/server-choice.ts';
import { RequestHasher } from './balancing/request-hasher.ts';
import { ConnectionPool } from './pool/connection-pool.ts';
import type { PoolCallbacks } from './pool/connection-pool.ts';
import { DiscoverySubscription } from './discovery-subscription.ts';
import { HealthChecker } from './health/health-checker.ts';
import { OutlierDetector } from './health/outlier-detector.ts';
import type { LoadBalancer } from './load-balancer.ts';
import { checkedOriginConfig, isBalancer } from './origin-config.ts';
import type { OriginConfig, ServerConfig } from './origin-config.ts';
import type { OriginConnector } from './pool/origin-connector.ts';
import { originError } from './origin-error.ts';
import type { OriginListener } from './origin-listener.ts';
import { originLogger } from './origin-logger.ts';
import { originOptions } from './origin-options.ts';
import { OriginResources } from './origin-resources.ts';
import type { OriginServer } from './origin-server.ts';
import { OriginServers } from './origin-servers.ts';
import type { ServersListener } from './origin-servers.ts';
import { healthConnector } from './origin-services.ts';
import type { OriginServices } from './origin-services.ts';
import { ServerTls } from './pool/server-tls.ts';

/** A request that asks an origin for a connection. */
export interface OriginCallbacks extends PoolCallbacks {
  /** The server whose pool is asked now: who is told says to its `stats` that the request started, and how it ended. */
  onServerChosen?(server: OriginServer): void;
}

/**
 * A group of servers that give the same answers (a cluster), with a pool of connections to each.
 *
 *     config.servers, discovery ─▶ OriginServers ─▶ LoadBalancer ─▶ server ─▶ ConnectionPool
 *                                     ▲    health
 *                    HealthChecker ───┼─── OutlierDetector ◀── server.stats: how requests end
 *                                     └─── ConnectionCircuit ◀ connections that fail
 */
export class Origin implements ServersListener {
  readonly name: string;
  readonly #connector: OriginConnector;
  /** What its servers share: limits, figures and timeouts. */
  readonly resources: OriginResources;
  readonly #listener: OriginListener;
  readonly #config: OriginConfig;
  #listed: readonly DiscoveredServer[] = [];
  #found: readonly DiscoveredServer[] = [];
  readonly #discovery: DiscoverySubscription | undefined;
  readonly #loadBalancer: LoadBalancer;
  readonly #hasher: RequestHasher | undefined;
  readonly #healthChecker: HealthChecker | undefined;
  readonly #outlierDetector: OutlierDetector | undefined;
  readonly #tls: ServerTls | undefined;
  readonly #servers: OriginServers;
  #isStarted = false;
  #isClosed = false;
  #onReady: () => void = () => {};

  /**
   * `path` is its place in the declaration, `previous` the origin that it takes the place of: what that has found last
   * counts here until the same discovery has found something. Throws a SluiceError that names what is wrong with the config.
   */
  constructor(
    config: OriginConfig,
    connector: OriginConnector,
    eventLoop: EventLoop,
    services: OriginServices = {},
    path = `origin "${config.name}"`,
    previous?: Origin,
  ) {
    const { random = Math.random, listener = {}, logger = stderrLogger } = services;
    const checked = checkedOriginConfig(config, path);
    const { clock } = eventLoop;
    this.name = config.name;
    this.#connector = connector;
    this.#listener = listener;
    this.resources = new OriginResources(originOptions(config.options, `${path}.options`), eventLoop, {
      random,
    });
    this.#config = config;
    this.#loadBalancer = isBalancer(checked.loadBalancer)
      ? checked.loadBalancer
      : new PriorityLoadBalancer(checked.loadBalancer, { nowMs: () => clock.now(), random });
    this.#hasher = checked.hashPolicy.length === 0 ? undefined : new RequestHasher(checked.hashPolicy);
    this.#healthChecker =
      checked.healthCheck &&
      new HealthChecker(
        checked.healthCheck,
        services.healthConnector ?? healthConnector(eventLoop, services),
        eventLoop,
        random,
        (server, outcome) => {
          listener.onHealthCheck?.(server, outcome);
          if (outcome === 'success') this.#outlierDetector?.healthCheckPassed(server);
          this.#checkReady();
        },
      );
    this.#outlierDetector =
      checked.outlierDetection && new OutlierDetector(checked.outlierDetection, eventLoop, random, listener);
    this.#discovery =
      config.discovery &&
      new DiscoverySubscription(
        config.discovery,
        {
          clock,
          logger: originLogger(logger, config.name),
          random,
          lastServers: previous?.foundBy(config.discovery),
          onOutcome: (outcome) => listener.onDiscovery?.(this, outcome),
        },
        services.resolver,
        (found) => {
          this.#found = found;
          this.#update();
          this.#checkReady();
        },
      );
    this.#tls = config.tls && new ServerTls(config.tls);
    this.#servers = new OriginServers(config.name, this, this.#tls);
    this.setServers(checked.servers);
  }

  get servers(): readonly OriginServer[] {
    return this.#servers.list;
  }

  /** The connections to a server, to look at; undefined for a server that has left. */
  poolOf(server: OriginServer): ConnectionPool | undefined {
    return this.#servers.poolOf(server);
  }

  /** Servers that are fit for requests. */
  get healthyCount(): number {
    return this.servers.filter(({ isHealthy }) => isHealthy).length;
  }

  /** Servers that outlier detection has taken out for a while. */
  get ejectedCount(): number {
    return this.#outlierDetector?.ejectedCount ?? 0;
  }

  /** Whether so few servers are fit that all are used; false where an own balancer decides. */
  get isInPanic(): boolean {
    return this.#loadBalancer instanceof PriorityLoadBalancer && this.#loadBalancer.isInPanic;
  }

  /** Connections to all its servers, made and being made. */
  get connectionCount(): number {
    let count = 0;
    for (const pool of this.#servers.pools) count += pool.size;
    return count;
  }

  /** Requests that wait for a connection. */
  get pendingCount(): number {
    let count = 0;
    for (const pool of this.#servers.pools) count += pool.pendingCount;
    return count;
  }

  /**
   * Begins to look for servers and to check them. Resolves when the first set of servers is known,
   * also if it is empty, and each of them was checked once.
   */
  async start(): Promise<void> {
    if (this.#isStarted || this.#isClosed) return;
    this.#isStarted = true;
    for (const server of this.servers) this.#watch(server);
    this.#discovery?.start();
    if (this.#isReady) return;
    await new Promise<void>((resolve) => (this.#onReady = resolve));
  }

  /** What matters for which server a request gets; undefined when nothing does. */
  choiceFor(request: HttpRequestMessage): ServerChoice | undefined {
    return this.#hasher?.choiceFor(request);
  }

  /** Chooses a server and asks its pool for a connection; returns the pool that was asked. */
  acquire(callbacks: OriginCallbacks, choice?: ServerChoice): ConnectionPool | undefined {
    const server = this.#loadBalancer.choose(choice?.hashKey, choice?.tried);
    const pool = server && this.#servers.poolOf(server);
    if (server === undefined || pool === undefined) {
      callbacks.onPoolFailure(originError('destination_unavailable'));
      return undefined;
    }
    callbacks.onServerChosen?.(server);
    pool.acquire(callbacks);
    return pool;
  }

  /** Chooses a server for a connection past its pool; undefined when none is there. */
  chooseServer(choice?: ServerChoice): OriginServer | undefined {
    return this.#loadBalancer.choose(choice?.hashKey, choice?.tried);
  }

  /** Connects to a server past its pool, with this handler alone. */
  connectBare(server: OriginServer, handler: ChannelHandler): ChannelFuture {
    return this.#connector.connectBare(server, this.resources.options.connectTimeoutMs, handler);
  }

  /**
   * Whether a config says the same as that of this origin, but perhaps of its listed servers, and the files of its
   * `tls` hold the same. Throws a TlsConfigError for one that can't be used.
   */
  isDeclaredBy(config: OriginConfig): boolean {
    const servers = undefined;
    const isSame = isSameData({ ...this.#config, servers }, { ...config, servers });
    return isSame && (config.tls === undefined || this.#tls?.isDeclaredBy(config.tls) === true);
  }

  /** @internal What this discovery has found; none where it is not the one of this origin. */
  foundBy(discovery: OriginConfig['discovery']): readonly DiscoveredServer[] {
    return isSameData(this.#config.discovery, discovery) ? this.#found : [];
  }

  /** Puts these in the place of the listed servers. One that stays keeps its connections; one that goes serves what it has. */
  setServers(servers: readonly ServerConfig[]): void {
    this.#listed = servers.map((server) => ({ ...server, address: server }));
    this.#update();
  }

  /**
   * Looks for servers and checks them no more: another one has its place, and requests that are under way end here. What
   * is known of the servers stays as it is.
   */
  retire(): void {
    this.#discovery?.close();
    this.#healthChecker?.close();
  }

  close(): void {
    this.#isClosed = true;
    this.#discovery?.close();
    this.#servers.close();
    this.resources.timeouts.close();
    this.#onReady();
  }

  /** @internal */
  serverAdded(server: OriginServer): ConnectionPool {
    server.health.watch(this.resources.eventLoop.clock.now(), () => {
      this.#loadBalancer.update(this.servers);
      this.#listener.onHealthChanged?.(server, server.isHealthy);
    });
    if (this.#isStarted) this.#watch(server);
    return new ConnectionPool(server, this.#connector, this.resources);
  }

  /** @internal */
  serverRemoved(server: OriginServer): void {
    this.#healthChecker?.remove(server);
    this.#outlierDetector?.remove(server);
  }

  #watch(server: OriginServer): void {
    this.#healthChecker?.add(server);
    this.#outlierDetector?.add(server);
  }

  #update(): void {
    if (this.#isClosed || !this.#servers.update([...this.#listed, ...this.#found])) return;
    this.#loadBalancer.update(this.servers);
    this.#listener.onMembershipChanged?.(this);
  }

  get #isReady(): boolean {
    return this.#discovery?.isWaiting !== true && this.#healthChecker?.isFirstRound !== true;
  }

  #checkReady(): void {
    if (this.#isReady) this.#onReady();
  }
}
