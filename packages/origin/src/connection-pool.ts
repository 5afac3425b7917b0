import type { Channel, EventLoop } from '@sluice/core';
import type { OriginConnector } from './origin-connector.ts';
import { connectFailure, originError } from './origin-error.ts';
import type { OriginOptions } from './origin-options.ts';
import type { OriginServer } from './origin-server.ts';
import { PendingRequests } from './pending-requests.ts';
import { PooledConnection } from './pooled-connection.ts';

/** A request that asks for a connection. It is called back once, by one of the two. */
export interface PoolCallbacks {
  onPoolReady(connection: PooledConnection): void;
  onPoolFailure(error: unknown): void;
}

/**
 * The connections to one origin server.
 *
 * A request gets the connection that was used last, or waits in a queue of bounded length while
 * new connections are made. A connection that is given back serves no request before the next
 * turn of the event loop, so that an end or stray bytes right behind the response are seen first.
 */
export class ConnectionPool {
  readonly #server: OriginServer;
  readonly #connector: OriginConnector;
  readonly #eventLoop: EventLoop;
  readonly #options: OriginOptions;
  readonly #ready: PooledConnection[] = [];
  readonly #cooling: PooledConnection[] = [];
  readonly #all = new Set<PooledConnection>();
  readonly #connecting = new Set<Channel>();
  readonly #pending: PendingRequests;
  #isClosed = false;

  constructor(
    server: OriginServer,
    connector: OriginConnector,
    eventLoop: EventLoop,
    options: OriginOptions,
  ) {
    this.#server = server;
    this.#connector = connector;
    this.#eventLoop = eventLoop;
    this.#options = options;
    this.#pending = new PendingRequests(eventLoop, options.pendingTimeoutMs, (callbacks) =>
      callbacks.onPoolFailure(originError('connection_limit_reached')),
    );
  }

  get serverName(): string {
    return this.#server.name;
  }

  /** Connections made and being made. */
  get size(): number {
    return this.#all.size + this.#connecting.size;
  }

  get pendingCount(): number {
    return this.#pending.size;
  }

  get readyCount(): number {
    return this.#ready.length;
  }

  /** Calls back at once when a connection is ready or none can be had; else later. */
  acquire(callbacks: PoolCallbacks): void {
    const connection = this.#takeReady();
    if (connection !== undefined) callbacks.onPoolReady(connection);
    else if (this.#isClosed) callbacks.onPoolFailure(originError('destination_unavailable'));
    else if (this.#pending.size >= this.#options.maxPendingRequests) {
      callbacks.onPoolFailure(originError('connection_limit_reached'));
    } else {
      this.#pending.add(callbacks);
      this.#connectIfNeeded();
    }
  }

  /** Forgets a request that waits. */
  cancel(callbacks: PoolCallbacks): void {
    this.#pending.remove(callbacks);
  }

  /** @internal */
  release(connection: PooledConnection): void {
    if (this.#isClosed || !connection.isUsable) connection.channel.close();
    else if (this.#cooling.push(connection) === 1) this.#eventLoop.nextTurn(this.#makeReady);
  }

  /** @internal */
  remove(connection: PooledConnection): void {
    this.#all.delete(connection);
    const at = this.#ready.indexOf(connection);
    if (at >= 0) this.#ready.splice(at, 1);
    this.#connectIfNeeded();
  }

  /** Gives up what is being connected, closes what is free now, and the rest when it is given back. */
  close(): void {
    this.#isClosed = true;
    this.#failPending(originError('destination_unavailable'));
    for (const channel of this.#connecting) channel.close();
    for (const connection of this.#ready.splice(0)) connection.channel.close();
  }

  readonly #makeReady = (): void => {
    for (const connection of this.#cooling.splice(0)) {
      if (connection.isUsable && !this.#isClosed) this.#serveOrKeep(connection);
      else connection.channel.close();
    }
    // Who counted on a connection that has ended meanwhile needs another one.
    this.#connectIfNeeded();
  };

  #takeReady(): PooledConnection | undefined {
    for (let connection = this.#ready.pop(); connection; connection = this.#ready.pop()) {
      if (connection.isUsable) return connection;
      connection.channel.close();
    }
    return undefined;
  }

  #serveOrKeep(connection: PooledConnection): void {
    const next = this.#pending.take();
    if (next) next.onPoolReady(connection);
    else this.#ready.push(connection);
  }

  #connectIfNeeded(): void {
    while (
      !this.#isClosed &&
      this.#connecting.size + this.#cooling.length < this.#pending.size &&
      this.size < this.#options.maxConnections
    ) {
      this.#connect();
    }
  }

  #connect(): void {
    const attempt = this.#connector.connect(this.#server, this.#options.connectTimeoutMs);
    this.#connecting.add(attempt.channel);
    attempt.addListener(({ channel, isSuccess, cause }) => {
      this.#connecting.delete(channel);
      if (isSuccess) this.#connected(channel);
      else this.#failPending(originError(connectFailure(cause), cause));
    });
  }

  #connected(channel: Channel): void {
    try {
      const connection = new PooledConnection(channel, this, this.#options);
      this.#all.add(connection);
      this.#serveOrKeep(connection);
    } catch (cause) {
      channel.close();
      this.#failPending(cause);
    }
  }

  // Moved aside first: who is told may come back at once and must not fail in the same sweep.
  #failPending(error: unknown): void {
    for (const callbacks of this.#pending.takeAll()) callbacks.onPoolFailure(error);
  }
}
