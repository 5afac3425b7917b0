import type { OriginServer } from './origin-server.ts';

/** Chooses the server of an origin that gets the next request. */
export interface LoadBalancer {
  /** Undefined when there is none to choose. */
  choose(servers: readonly OriginServer[]): OriginServer | undefined;
}

/** Takes the servers in turn. */
export class RoundRobinLoadBalancer implements LoadBalancer {
  #next = 0;

  choose(servers: readonly OriginServer[]): OriginServer | undefined {
    if (servers.length === 0) return undefined;
    this.#next = this.#next >= servers.length ? 0 : this.#next;
    return servers[this.#next++];
  }
}
