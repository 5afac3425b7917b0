import type { EventLoop, SocketAddress } from '@sluice/core';
import { ConnectionPool } from './connection-pool.ts';
import type { PoolCallbacks } from './connection-pool.ts';
import { RoundRobinLoadBalancer } from './load-balancer.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { OriginConnector } from './origin-connector.ts';
import { originError } from './origin-error.ts';
import { originOptions } from './origin-options.ts';
import type { OriginOptions } from './origin-options.ts';
import { OriginResources } from './origin-resources.ts';
import type { OriginResourcesInit } from './origin-resources.ts';
import { OriginServer } from './origin-server.ts';

export interface OriginConfig {
  /** What routes call it. */
  readonly name: string;
  readonly servers: readonly SocketAddress[];
  readonly options?: Partial<OriginOptions>;
  /** Default: round robin. */
  readonly loadBalancer?: LoadBalancer;
}

/** What the choice of a server is to consider. */
export interface ServerChoice {
  /** Not these, as long as there are others. */
  readonly tried?: readonly OriginServer[];
}

/** A group of servers that give the same answers (a cluster), with a pool of connections to each. */
export class Origin {
  readonly name: string;
  readonly servers: readonly OriginServer[];
  readonly resources: OriginResources;
  readonly #pools: ReadonlyMap<OriginServer, ConnectionPool>;
  readonly #loadBalancer: LoadBalancer;

  /** Throws a SluiceError for an option out of range. */
  constructor(
    { name, servers, options, loadBalancer = new RoundRobinLoadBalancer() }: OriginConfig,
    connector: OriginConnector,
    eventLoop: EventLoop,
    resources: OriginResourcesInit = {},
  ) {
    this.resources = new OriginResources(originOptions(options, name), eventLoop, resources);
    this.name = name;
    this.servers = servers.map((address) => new OriginServer(address, name));
    this.#loadBalancer = loadBalancer;
    this.#pools = new Map(
      this.servers.map((server) => [server, new ConnectionPool(server, connector, this.resources)]),
    );
  }

  /** Chooses a server and asks its pool for a connection; returns the pool that was asked. */
  acquire(callbacks: PoolCallbacks, choice?: ServerChoice): ConnectionPool | undefined {
    const server = this.#loadBalancer.choose(this.#candidates(choice));
    const pool = server && this.#pools.get(server);
    if (pool === undefined) callbacks.onPoolFailure(originError('destination_unavailable'));
    else pool.acquire(callbacks);
    return pool;
  }

  #candidates({ tried = [] }: ServerChoice = {}): readonly OriginServer[] {
    if (tried.length === 0) return this.servers;
    const others = this.servers.filter((server) => !tried.includes(server));
    return others.length > 0 ? others : this.servers;
  }

  /** Connections to all its servers, made and being made. */
  get connectionCount(): number {
    let count = 0;
    for (const pool of this.#pools.values()) count += pool.size;
    return count;
  }

  /** Requests that wait for a connection. */
  get pendingCount(): number {
    let count = 0;
    for (const pool of this.#pools.values()) count += pool.pendingCount;
    return count;
  }

  close(): void {
    for (const pool of this.#pools.values()) pool.close();
    this.resources.timeouts.close();
  }
}
