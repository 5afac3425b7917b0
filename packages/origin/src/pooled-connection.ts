import { HttpClientCodec } from '@sluice/codec-http';
import type { Channel, Timer } from '@sluice/core';
import { CURRENT_PASSPORT } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import { ConnectionPoolHandler } from './connection-pool-handler.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { OriginOptions } from './origin-options.ts';
import { OriginResponseReceiver } from './origin-response-receiver.ts';
import type { OriginResponseListener } from './origin-response-receiver.ts';

/** A request that a connection is lent to. */
export interface ConnectionBorrower extends OriginResponseListener {
  /** How long the server may stay silent, in ms; undefined while it is not its turn. */
  silenceLimitMs(options: OriginOptions): number | undefined;
  onSilence(): void;
}

/** A connection to an origin server, lent to one request at a time. */
export class PooledConnection {
  readonly channel: Channel;
  readonly #pool: ConnectionPool;
  readonly #options: OriginOptions;
  readonly #receiver: OriginResponseReceiver;
  readonly #codec: HttpClientCodec;
  readonly #checkIntervalMs: number;
  #borrower: ConnectionBorrower | undefined = undefined;
  #requests = 0;
  #lastActivity = 0;
  #timer: Timer | undefined = undefined;

  /** Throws a TypeError when the origin handlers lack one that the pool needs. */
  constructor(channel: Channel, pool: ConnectionPool, options: OriginOptions) {
    this.channel = channel;
    this.#pool = pool;
    this.#options = options;
    this.#receiver = requireHandler(channel, OriginResponseReceiver);
    this.#codec = requireHandler(channel, HttpClientCodec);
    requireHandler(channel, ConnectionPoolHandler).manage(this);
    const { idleTimeoutMs, responseTimeoutMs, tunnelIdleTimeoutMs } = options;
    this.#checkIntervalMs = Math.min(idleTimeoutMs, responseTimeoutMs, tunnelIdleTimeoutMs);
    this.touch();
    this.#watch(this.#checkIntervalMs);
  }

  /** The server at its other end, as `192.0.2.1:8080`. */
  get serverName(): string {
    return this.#pool.serverName;
  }

  /** Whether it has served a request before the one that it is lent to. */
  get isReused(): boolean {
    return this.#requests > 1;
  }

  get isUsable(): boolean {
    const { maxRequestsPerConnection: max } = this.#options;
    return this.channel.isActive && this.#codec.isReusable && (max === 0 || this.#requests < max);
  }

  /** `passport`: where the handlers of the connection record their states meanwhile. */
  lend(borrower: ConnectionBorrower, passport?: Passport): void {
    this.channel.attr(CURRENT_PASSPORT).set(passport);
    this.#requests++;
    this.#borrower = borrower;
    this.touch();
    this.#receiver.attach(borrower);
  }

  /** Notes that something was sent or received: the silence begins anew. */
  touch(): void {
    this.#lastActivity = this.channel.clock.turnNow();
  }

  /** Gives the connection back; the pool closes it unless the exchange ended cleanly. */
  release(): void {
    if (this.#borrower === undefined) return;
    this.#detach();
    this.touch();
    this.#pool.release(this);
    this.channel.attr(CURRENT_PASSPORT).set(undefined);
  }

  /** Ends the connection together with the exchange on it. */
  discard(): void {
    this.#detach();
    this.channel.close();
    this.channel.attr(CURRENT_PASSPORT).set(undefined);
  }

  /** @internal The channel has closed. */
  closed(): void {
    this.#timer?.cancel();
    this.#detach();
    this.#pool.remove(this);
  }

  #detach(): void {
    this.#borrower = undefined;
    this.#receiver.detach();
  }

  // One timer for the life of the connection, set anew only when it runs out: requests cost none.
  // It never waits longer than the shortest limit, so that it is in time for what begins meanwhile.
  #watch(delayMs: number): void {
    this.#timer = this.channel.eventLoop.schedule(Math.min(delayMs, this.#checkIntervalMs), () =>
      this.#check(),
    );
  }

  #check(): void {
    if (!this.channel.isActive) return;
    const borrower = this.#borrower;
    const limitMs = borrower ? borrower.silenceLimitMs(this.#options) : this.#options.idleTimeoutMs;
    const leftMs = (limitMs ?? Infinity) - (this.channel.clock.now() - this.#lastActivity);
    if (leftMs > 0) this.#watch(leftMs);
    else if (borrower === undefined) this.channel.close();
    else borrower.onSilence();
  }
}

function requireHandler<H extends object>(channel: Channel, type: abstract new (...args: never[]) => H): H {
  const handler = channel.pipeline.get(type);
  if (handler === undefined) throw new TypeError(`The origin handlers need ${type.name}.`);
  return handler;
}
