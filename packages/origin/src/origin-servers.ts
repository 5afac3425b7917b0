import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import type { DiscoveredServer } from '@sluice/discovery';
import type { ConnectionPool } from './pool/connection-pool.ts';
import { OriginServer } from './origin-server.ts';
import type { ServerTls } from './pool/server-tls.ts';

/** What is done with servers that come and go. */
export interface ServersListener {
  /** Makes what a server needs before it is used. */
  serverAdded(server: OriginServer): ConnectionPool;
  /** It is gone: what is under way goes on, nothing new begins. */
  serverRemoved(server: OriginServer): void;
}

/** The servers of an origin with a pool each. A server that stays keeps its pool, health and counts. */
export class OriginServers {
  readonly #originName: string;
  readonly #listener: ServersListener;
  readonly #tls: ServerTls | undefined;
  #pools = new Map<OriginServer, ConnectionPool>();
  // Of servers that are gone, with requests in flight.
  #draining: ConnectionPool[] = [];
  #list: readonly OriginServer[] = [];

  /** `tls`: absent where the servers are spoken to without. */
  constructor(originName: string, listener: ServersListener, tls?: ServerTls) {
    this.#originName = originName;
    this.#listener = listener;
    this.#tls = tls;
  }

  get list(): readonly OriginServer[] {
    return this.#list;
  }

  /** Pools of all servers, also of those that are gone but not done. */
  get pools(): Iterable<ConnectionPool> {
    return [...this.#pools.values(), ...this.#draining];
  }

  poolOf(server: OriginServer): ConnectionPool | undefined {
    return this.#pools.get(server);
  }

  /** Makes this the set of servers; of two with one address the first counts. Returns whether it is another than before. */
  update(found: readonly DiscoveredServer[]): boolean {
    const known = new Map(this.#list.map((server) => [server.name, server]));
    const next = new Map<string, OriginServer>();
    let isOther = false;
    for (const { address, weight = 1, priority = 0 } of found) {
      const name = formatAddress(address);
      if (next.has(name)) continue;
      const server = known.get(name) ?? this.#newServer(plain(address));
      isOther = server.rank(weight, priority) || !known.has(name) || isOther;
      next.set(name, server);
    }
    const gone = this.#list.filter(({ name }) => !next.has(name));
    this.#list = [...next.values()];
    for (const server of this.#list) {
      if (!this.#pools.has(server)) this.#pools.set(server, this.#listener.serverAdded(server));
    }
    for (const server of gone) this.#remove(server);
    return isOther || gone.length > 0;
  }

  close(): void {
    for (const server of this.#list) this.#listener.serverRemoved(server);
    for (const pool of this.pools) pool.close();
  }

  #newServer(address: SocketAddress): OriginServer {
    return new OriginServer(address, this.#originName, this.#tls?.contextFor(address));
  }

  #remove(server: OriginServer): void {
    const pool = this.#pools.get(server);
    this.#pools.delete(server);
    this.#listener.serverRemoved(server);
    this.#draining = this.#draining.filter(({ isDrained }) => !isDrained);
    if (pool === undefined) return;
    this.#draining.push(pool);
    pool.drain();
  }
}

// A listed server carries weight and priority beside its address.
function plain(address: SocketAddress): SocketAddress {
  return 'path' in address ? { path: address.path } : { host: address.host, port: address.port };
}
