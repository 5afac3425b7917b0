import { formatAddress } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import type { SslContext } from '@sluice/handler-tls';
import type { Host } from '@sluice/load-balancing';
import { ServerHealth } from './health/server-health.ts';
import { OriginServerStats } from './origin-server-stats.ts';

/** One server of an origin. */
export class OriginServer implements Host {
  readonly address: SocketAddress;
  /** Its address as text. */
  readonly name: string;
  /** Of the origin that it belongs to. */
  readonly originName: string;
  /** What a URL of it would have as host and port (RFC 9110 §4.2); empty for a Unix socket. */
  readonly authority: string;
  readonly stats = new OriginServerStats();
  readonly health = new ServerHealth();
  /** How it is spoken to with TLS; undefined: without. It belongs to this server, as its sessions do. */
  readonly tls: SslContext | undefined;
  #weight = 1;
  #priority = 0;

  constructor(address: SocketAddress, originName = 'origin', tls?: SslContext) {
    this.address = address;
    this.originName = originName;
    this.name = formatAddress(address);
    this.authority = 'path' in address ? '' : this.name.replace(tls === undefined ? /:80$/ : /:443$/, '');
    this.tls = tls;
  }

  get weight(): number {
    return this.#weight;
  }

  get priority(): number {
    return this.#priority;
  }

  get isHealthy(): boolean {
    return this.health.isHealthy;
  }

  get isUnreachable(): boolean {
    return this.health.isTripped;
  }

  get readySinceMs(): number {
    return this.health.readySinceMs;
  }

  get activeRequests(): number {
    return this.stats.activeRequests;
  }

  /** @internal Returns whether that is another rank than before. */
  rank(weight: number, priority: number): boolean {
    const isOther = weight !== this.#weight || priority !== this.#priority;
    this.#weight = weight;
    this.#priority = priority;
    return isOther;
  }
}
