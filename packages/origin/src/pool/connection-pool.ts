import { ChannelGroup } from '@sluice/core';
import type { Channel } from '@sluice/core';
import { ConnectionCircuit } from './connection-circuit.ts';
import type { OriginConnector } from './origin-connector.ts';
import { connectFailure, OriginError, originError } from '../origin-error.ts';
import type { OriginResources } from '../origin-resources.ts';
import type { OriginServer } from '../origin-server.ts';
import { PendingRequests } from './pending-requests.ts';
import { PooledConnection } from './pooled-connection.ts';

/** A request that asks for a connection. It is called back once, by one of the two. */
export interface PoolCallbacks {
  /** Whether it takes no connection that has served a request before. Default: it takes any. */
  readonly needsFreshConnection?: boolean;
  onPoolReady(connection: PooledConnection): void;
  onPoolFailure(error: unknown): void;
}

/**
 * The connections to one origin server.
 *
 *     connecting ─► ready ⇄ lent ─► cooling ─► ready
 *                     └──────┴─────────┴─────► closed
 *
 * A request gets the connection that was used last, or waits in a queue of bounded length while
 * new connections are made. A connection that is given back serves no request before the next
 * turn of the event loop, so that an end or stray bytes right behind the response are seen first.
 */
export class ConnectionPool {
  readonly server: OriginServer;
  /** Told of every connection to the server that is made or fails. */
  readonly circuit: ConnectionCircuit;
  readonly #connector: OriginConnector;
  readonly #resources: OriginResources;
  /** The one that was used last at the end. */
  readonly #ready: PooledConnection[] = [];
  readonly #cooling: PooledConnection[] = [];
  readonly #connecting = new ChannelGroup();
  readonly #pending: PendingRequests;
  // Connections that are made and not closed.
  #established = 0;
  #isDraining = false;
  #isClosed = false;

  constructor(server: OriginServer, connector: OriginConnector, resources: OriginResources) {
    this.server = server;
    this.#connector = connector;
    this.#resources = resources;
    this.#pending = new PendingRequests(resources, () => this.#connecting.size);
    this.circuit = new ConnectionCircuit(server, resources, () => this.#tryServer());
  }

  /** Connections made and being made. */
  get size(): number {
    return this.#established + this.#connecting.size;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get readyCount(): number {
    return this.#ready.length;
  }

  /** Whether nothing is left of a pool that was drained or closed. */
  get isDrained(): boolean {
    return this.#isDraining && this.size === 0 && this.#pending.size === 0;
  }

  /** Calls back at once when a connection is ready or none can be had; else later. */
  acquire(callbacks: PoolCallbacks): void {
    const { metrics, options } = this.#resources;
    metrics.pool.request.inc();
    if (this.#isDraining) {
      callbacks.onPoolFailure(originError('destination_unavailable'));
      return;
    }
    const connection = callbacks.needsFreshConnection ? undefined : this.#takeReady();
    if (connection === undefined) this.#enqueue(callbacks);
    else this.#lend(connection, callbacks);
    if (options.preconnectRatio > 1) this.#connectIfNeeded();
  }

  /** Forgets a request that waits. */
  cancel(callbacks: PoolCallbacks): void {
    this.#pending.remove(callbacks);
  }

  /** @internal */
  release(connection: PooledConnection): void {
    // A response that is complete before its request has left is none of that request.
    if (!connection.isUsable || connection.isSending) connection.closeUnfit();
    else if (this.#cooling.push(connection) === 1) this.#resources.eventLoop.nextTurn(this.#makeReady);
  }

  /** @internal */
  remove(connection: PooledConnection): void {
    this.#established--;
    this.#resources.connections--;
    const at = this.#ready.indexOf(connection);
    if (at >= 0) {
      this.#ready.splice(at, 1);
      this.#resources.metrics.inPool.dec();
    }
    this.#connectIfNeeded();
  }

  /**
   * Takes no new request; those that wait are served still. Unused connections are closed now, the
   * others when they are given back. For a server that leaves its origin.
   */
  drain(): void {
    this.#isDraining = true;
    this.circuit.close();
    this.#closeReady();
  }

  /** Drains, but fails those that wait and gives up what is being connected. */
  close(): void {
    this.#isClosed = true;
    this.drain();
    this.#failPending(originError('destination_unavailable'));
    for (const channel of this.#connecting) channel.close();
  }

  readonly #makeReady = (): void => {
    for (const connection of this.#cooling.splice(0)) {
      if (connection.isUsable && !connection.isSending) this.#serveOrKeep(connection);
      else connection.closeUnfit();
    }
    // Who counted on a connection that has ended meanwhile needs another one.
    this.#connectIfNeeded();
  };

  #takeReady(): PooledConnection | undefined {
    const { metrics } = this.#resources;
    for (let connection = this.#ready.pop(); connection; connection = this.#ready.pop()) {
      metrics.inPool.dec();
      if (connection.isUsable) return connection;
      metrics.pool.fromPoolIsClosed.inc();
      connection.closeUnfit();
    }
    return undefined;
  }

  #lend(connection: PooledConnection, callbacks: PoolCallbacks): void {
    const { metrics, hasRequestLeft } = this.#resources;
    if (hasRequestLeft) {
      if (connection.hasServed) metrics.pool.reuse.inc();
      this.#give(connection, callbacks);
      return;
    }
    this.#keep(connection);
    metrics.requests['requests.overflow'].inc();
    callbacks.onPoolFailure(originError('request_limit_reached'));
  }

  /** What whoever borrows it throws is that one's failure, and nothing of the pool's or of others who wait. */
  #give(connection: PooledConnection, callbacks: PoolCallbacks): void {
    try {
      callbacks.onPoolReady(connection);
    } catch (cause) {
      connection.closeUnfit();
      callbacks.onPoolFailure(cause);
    }
  }

  #enqueue(callbacks: PoolCallbacks): void {
    const { metrics, hasPendingLeft } = this.#resources;
    if (!hasPendingLeft) {
      metrics.requests['pending.overflow'].inc();
      callbacks.onPoolFailure(originError('connection_limit_reached'));
      return;
    }
    this.#pending.add(callbacks);
    this.#connectIfNeeded();
    if (this.#isShort) this.#countShortage();
  }

  #serveOrKeep(connection: PooledConnection): void {
    const next = this.#pending.take(connection.hasServed);
    if (next !== undefined) this.#lend(connection, next);
    else if (this.#isDraining) connection.close('closeCircuitBreaker');
    else this.#keep(connection);
  }

  // The one that was unused for longest makes room: its server is the likeliest to end it.
  #keep(connection: PooledConnection): void {
    const { metrics, options } = this.#resources;
    const max = options.maxIdleConnections;
    if (connection.hasServed) metrics.pool.release.inc();
    this.#ready.push(connection);
    metrics.inPool.inc();
    if (max === 0 || this.#ready.length <= max) return;
    metrics.inPool.dec();
    this.#ready.shift()?.close('closeAbovePoolHighWaterMark');
  }

  // What is unused, given back a moment ago or being made serves those that wait.
  get #isShort(): boolean {
    const inUse = this.#established - this.#ready.length - this.#cooling.length;
    const wanted = Math.ceil((inUse + this.#pending.size) * this.#resources.options.preconnectRatio);
    return this.size < wanted || this.#connecting.size < this.#pending.freshCount;
  }

  // A server without any connection gets one in any case, or its requests would wait in vain.
  get #mayConnect(): boolean {
    const max = this.#resources.options.maxConnectionsPerServer;
    if (this.#isClosed || (max > 0 && this.size >= max)) return false;
    return this.#resources.hasConnectionLeft || this.size === 0;
  }

  #connectIfNeeded(): void {
    while (this.#isShort) {
      if (!this.#mayConnect) this.#makeRoom();
      if (!this.#mayConnect) return;
      this.#connect();
    }
  }

  // An unused connection that nobody who waits takes is worth less than one that somebody does.
  #makeRoom(): void {
    if (this.#pending.freshCount === 0) return;
    const oldest = this.#ready.shift();
    if (oldest === undefined) return;
    this.#resources.metrics.inPool.dec();
    oldest.close('closeAbovePoolHighWaterMark');
  }

  // Without a place for one more there are connections enough to tell how it is.
  #tryServer(): void {
    if (this.#mayConnect) this.#connect();
    else this.circuit.reset();
  }

  #countShortage(): void {
    const { metrics, hasConnectionLeft } = this.#resources;
    if (hasConnectionLeft) metrics.pool.maxConnsPerHostExceeded.inc();
    else metrics.requests['connections.overflow'].inc();
  }

  #connect(): void {
    const { metrics, eventLoop, options } = this.#resources;
    const startedAt = eventLoop.clock.now();
    this.#resources.connections++;
    metrics.pool.create.inc();
    const attempt = this.#connector.connect(this.server, options.connectTimeoutMs);
    const leave = this.#connecting.add(attempt.channel);
    attempt.addListener(({ channel, isSuccess, cause }) => {
      leave();
      if (!isSuccess) this.#connectFailed(originError(connectFailure(cause), cause));
      else {
        metrics.createTiming.observe((eventLoop.clock.now() - startedAt) / 1000);
        this.#connected(channel);
      }
    });
  }

  #connected(channel: Channel): void {
    const connection = this.#pooled(channel);
    if (connection === undefined) return;
    this.#established++;
    this.#resources.metrics.pool.create_success.inc();
    this.circuit.connected();
    this.#serveOrKeep(connection);
    this.#connectIfNeeded();
  }

  /** Undefined where the handlers of the channel are not those of a pooled connection, as one has taken itself out. */
  #pooled(channel: Channel): PooledConnection | undefined {
    try {
      return new PooledConnection(channel, this, this.#resources);
    } catch (cause) {
      channel.close();
      this.#connectFailed(cause);
      return undefined;
    }
  }

  #connectFailed(error: unknown): void {
    this.#resources.connections--;
    const { pool } = this.#resources.metrics;
    pool.create_fail.inc();
    if (error instanceof OriginError && error.failure === 'dns_error') pool.unresolvedDiscoveryHost.inc();
    this.circuit.failed(error);
    this.#failPending(error);
  }

  // Moved aside first: who is told may come back at once and must not fail in the same sweep.
  #failPending(error: unknown): void {
    const waiting = this.#pending.takeAll();
    this.#resources.metrics.requests['pending.failure.eject'].inc(waiting.length);
    for (const callbacks of waiting) callbacks.onPoolFailure(error);
  }

  #closeReady(): void {
    const unused = this.#ready.splice(0);
    this.#resources.metrics.inPool.dec(unused.length);
    for (const connection of unused) connection.close('closeCircuitBreaker');
  }
}
