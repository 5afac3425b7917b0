import type { Channel, EventLoop } from '@sluice/core';
import type { OriginConnector } from './origin-connector.ts';
import { connectFailure, originError } from './origin-error.ts';
import type { OriginOptions } from './origin-options.ts';
import type { OriginServer } from './origin-server.ts';
import { PooledConnection } from './pooled-connection.ts';

/** A request that asks for a connection. */
export interface PoolCallbacks {
  onPoolReady(connection: PooledConnection): void;
  onPoolFailure(error: Error): void;
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
  #pending: PoolCallbacks[] = [];
  #connecting = 0;
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
  }

  /** Connections made and being made. */
  get size(): number {
    return this.#all.size + this.#connecting;
  }

  get pendingCount(): number {
    return this.#pending.length;
  }

  get readyCount(): number {
    return this.#ready.length;
  }

  /** Calls back at once when a connection is ready or none can be had; else later. */
  acquire(callbacks: PoolCallbacks): void {
    const connection = this.#takeReady();
    if (connection !== undefined) callbacks.onPoolReady(connection);
    else if (this.#isClosed) callbacks.onPoolFailure(originError('destination_unavailable'));
    else if (this.#pending.length >= this.#options.maxPendingRequests) {
      callbacks.onPoolFailure(originError('connection_limit_reached'));
    } else {
      this.#pending.push(callbacks);
      this.#connectIfNeeded();
    }
  }

  /** Forgets a request that waits. */
  cancel(callbacks: PoolCallbacks): void {
    const at = this.#pending.indexOf(callbacks);
    if (at >= 0) this.#pending.splice(at, 1);
  }

  /** @internal */
  release(connection: PooledConnection): void {
    if (this.#isClosed || !connection.isUsable) {
      connection.channel.close();
      return;
    }
    if (this.#cooling.push(connection) === 1) this.#eventLoop.nextTurn(this.#makeReady);
  }

  /** @internal */
  remove(connection: PooledConnection): void {
    this.#all.delete(connection);
    const at = this.#ready.indexOf(connection);
    if (at >= 0) this.#ready.splice(at, 1);
    this.#connectIfNeeded();
  }

  /** Makes no more connections, closes those that are free now, and the others when they are given back. */
  close(): void {
    this.#isClosed = true;
    for (const connection of [...this.#ready]) connection.channel.close();
    this.#failPending(originError('destination_unavailable'));
  }

  readonly #makeReady = (): void => {
    const cooled = this.#cooling.splice(0);
    for (const connection of cooled) {
      if (connection.isUsable && !this.#isClosed) this.#serveOrKeep(connection);
      else connection.channel.close();
    }
  };

  #takeReady(): PooledConnection | undefined {
    for (let connection = this.#ready.pop(); connection; connection = this.#ready.pop()) {
      if (connection.isUsable) return connection;
      connection.channel.close();
    }
    return undefined;
  }

  #serveOrKeep(connection: PooledConnection): void {
    const next = this.#pending.shift();
    if (next) next.onPoolReady(connection);
    else this.#ready.push(connection);
  }

  #connectIfNeeded(): void {
    while (
      !this.#isClosed &&
      this.#connecting + this.#cooling.length < this.#pending.length &&
      this.size < this.#options.maxConnections
    ) {
      this.#connect();
    }
  }

  #connect(): void {
    this.#connecting++;
    this.#connector.connect(this.#server.address, this.#options.connectTimeoutMs).addListener((future) => {
      this.#connecting--;
      if (future.isSuccess) this.#connected(future.channel);
      else this.#failPending(originError(connectFailure(future.cause), future.cause));
    });
  }

  #connected(channel: Channel): void {
    const connection = new PooledConnection(channel, this, this.#options);
    this.#all.add(connection);
    if (this.#isClosed) channel.close();
    else this.#serveOrKeep(connection);
  }

  // Moved aside first: who is told may come back at once and must not fail in the same sweep.
  #failPending(error: Error): void {
    const pending = this.#pending;
    this.#pending = [];
    for (const callbacks of pending) callbacks.onPoolFailure(error);
  }
}
