import { HttpClientCodec } from '@sluice/codec-http';
import { PeerProgress } from '@sluice/core';
import type { Channel, Timer } from '@sluice/core';
import { hasTls } from '@sluice/handler-tls';
import { CURRENT_PASSPORT } from '@sluice/passport';
import type { Passport } from '@sluice/passport';
import { ConnectionPoolHandler } from './connection-pool-handler.ts';
import type { ConnectionPool } from './connection-pool.ts';
import type { OriginMetrics } from '../origin-metrics.ts';
import type { OriginOptions } from '../origin-options.ts';
import type { OriginResources } from '../origin-resources.ts';
import { OriginResponseReceiver } from './origin-response-receiver.ts';
import type { OriginResponseListener } from './origin-response-receiver.ts';
import type { OriginServer } from '../origin-server.ts';

/** A request that a connection is lent to. */
export interface ConnectionBorrower extends OriginResponseListener {
  /** How long the server may stay silent, in ms; undefined while it is not its turn. */
  silenceLimitMs(options: OriginOptions): number | undefined;
  onSilence(): void;
  /** Whether so much is sent to the server that it may still be taking it when it has been silent for long. Default: no. */
  readonly sendsBody?: boolean;
  /** The server has been silent for half of its time or more, but takes what was sent to it. */
  onTaken?(): void;
}

/** Why the pool closes a connection: the name of the counter. */
export type CloseReason = keyof OriginMetrics['pool'];

// How long before the end that a server has announced its connection is used no more: a request takes its time to get there.
const ANNOUNCED_END_MARGIN_MS = 1000;

/** A connection to an origin server, lent to one request at a time. */
export class PooledConnection {
  readonly channel: Channel;
  readonly #pool: ConnectionPool;
  readonly #resources: OriginResources;
  readonly #receiver: OriginResponseReceiver;
  readonly #codec: HttpClientCodec;
  readonly #checkIntervalMs: number;
  readonly #expiresAt: number;
  #borrower: ConnectionBorrower | undefined = undefined;
  #requests = 0;
  #lastActivity = 0;
  /** When the server will end it, as it has said, less a margin. */
  #announcedEnd = Infinity;
  /** Whether its end is our doing. */
  #isClosing = false;
  #isClosed = false;
  /** There once the server has been silent for half of its time. */
  #peer: PeerProgress | undefined = undefined;
  #timer: Timer | undefined = undefined;
  /** When the timer runs out. */
  #checksAt = 0;
  /** How long the timer may run while the connection is lent, in ms. */
  #loanIntervalMs = Infinity;

  /** Throws a TypeError when the origin handlers lack one that the pool needs. */
  constructor(channel: Channel, pool: ConnectionPool, resources: OriginResources) {
    this.channel = channel;
    this.#pool = pool;
    this.#resources = resources;
    this.#receiver = requireHandler(channel, OriginResponseReceiver);
    this.#codec = requireHandler(channel, HttpClientCodec);
    requireHandler(channel, ConnectionPoolHandler).manage(this);
    const { idleTimeoutMs, responseTimeoutMs, tunnelIdleTimeoutMs } = resources.options;
    const ageMs = ageLimitMs(resources);
    this.#checkIntervalMs = Math.min(idleTimeoutMs, responseTimeoutMs / 2, tunnelIdleTimeoutMs / 2, ageMs);
    this.touch();
    this.#expiresAt = this.#lastActivity + ageMs;
    this.#watch(this.#checkIntervalMs);
  }

  get server(): OriginServer {
    return this.#pool.server;
  }

  /** Whether it has served a request before the one that it is lent to. */
  get isReused(): boolean {
    return this.#requests > 1;
  }

  /** Whether it has been lent before. */
  get hasServed(): boolean {
    return this.#requests > 0;
  }

  get isUsable(): boolean {
    return this.channel.isActive && this.#codec.isReusable && !this.#isExpired && !this.#isEndAnnounced;
  }

  /** Whether bytes of the last request still wait to be sent. */
  get isSending(): boolean {
    return this.channel.pendingOutboundBytes > 0;
  }

  /**
   * `passport`: where the handlers of the connection record their states meanwhile.
   * `shortestLimitMs`: the least that the borrower's `silenceLimitMs` will be, where that is
   * shorter than the limits of the origin.
   */
  lend(borrower: ConnectionBorrower, passport?: Passport, shortestLimitMs = Infinity): void {
    this.channel.attr(CURRENT_PASSPORT).set(passport);
    this.#requests++;
    this.#borrower = borrower;
    this.#resources.requests++;
    this.#resources.metrics.inUse.inc();
    this.touch();
    this.#receiver.attach(borrower);
    this.#loanIntervalMs = shortestLimitMs / 2;
    this.#checkBy(this.#lastActivity + this.#loanIntervalMs);
  }

  /** Lets somebody else have the rest of the exchange. */
  handOver(borrower: ConnectionBorrower): void {
    this.#borrower = borrower;
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
    this.#announcedEnd = this.#lastActivity + this.#codec.keepAliveTimeoutMs - ANNOUNCED_END_MARGIN_MS;
    this.#checkBy(this.#announcedEnd);
    this.#pool.release(this);
    this.channel.attr(CURRENT_PASSPORT).set(undefined);
  }

  /** Ends the connection together with the exchange on it. */
  discard(): void {
    this.#detach();
    this.#isClosing = true;
    this.channel.close();
    this.channel.attr(CURRENT_PASSPORT).set(undefined);
  }

  /** The same with a reset: the server must not take it for an orderly end. */
  cut(): void {
    this.#detach();
    this.#isClosing = true;
    this.channel.reset();
    this.channel.attr(CURRENT_PASSPORT).set(undefined);
  }

  /** @internal Closes it and counts why. */
  close(reason: CloseReason): void {
    this.#resources.metrics.pool[reason].inc();
    this.#isClosing = true;
    this.channel.close();
  }

  /** @internal Closes it because it is not usable, or still sending. */
  closeUnfit(): void {
    this.close(this.#unfitness());
  }

  /** @internal The channel has failed and is closed. */
  failed(): void {
    if (!this.#isClosing) this.#resources.metrics.pool.error.inc();
    this.#isClosing = true;
  }

  /** @internal The channel has closed. */
  closed(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const { pool } = this.#resources.metrics;
    pool.close.inc();
    if (!this.#isClosing) this.#endedByServer().inc();
    this.#timer?.cancel();
    this.#detach();
    this.#pool.remove(this);
  }

  get #isExpired(): boolean {
    const { maxRequestsPerConnection: max } = this.#resources.options;
    if (max > 0 && this.#requests >= max) return true;
    return this.#expiresAt !== Infinity && this.channel.clock.turnNow() >= this.#expiresAt;
  }

  // Asked for each request; a server that announces nothing costs no look at the clock.
  get #isEndAnnounced(): boolean {
    return this.#announcedEnd !== Infinity && this.channel.clock.turnNow() >= this.#announcedEnd;
  }

  #unfitness(): CloseReason {
    if (!this.channel.isActive) return 'alreadyClosed';
    if (!this.#codec.isRequestWritten) return 'outboundIncomplete';
    if (this.#codec.isLastExchange) return 'headerClose';
    if (!this.#codec.isReusable) return 'error';
    if (this.#isEndAnnounced) return 'idle';
    return this.#isExpired ? 'closeExpiredConnLifetime' : 'closeWrtBusyConnCounter';
  }

  #endedByServer() {
    const { pool } = this.#resources.metrics;
    return hasTls(this.channel) ? pool.sslClose : pool.inactive;
  }

  #detach(): void {
    if (this.#borrower === undefined) return;
    this.#borrower = undefined;
    this.#loanIntervalMs = Infinity;
    this.#resources.requests--;
    this.#resources.metrics.inUse.dec();
    this.#receiver.detach();
  }

  // One timer for the life of the connection, set anew only when it runs out: requests cost none.
  // It never waits longer than the shortest limit, and half of that for silence, so that it is in time for what begins
  // meanwhile.
  #watch(delayMs: number): void {
    const delay = Math.min(delayMs, this.#checkIntervalMs, this.#loanIntervalMs);
    this.#checksAt = this.channel.clock.now() + delay;
    this.#timer = this.channel.eventLoop.schedule(delay, this.#check);
  }

  #checkBy(at: number): void {
    if (at >= this.#checksAt) return;
    this.#timer?.cancel();
    this.#watch(Math.max(0, at - this.channel.clock.now()));
  }

  readonly #check = (): void => {
    if (!this.channel.isActive) return;
    const borrower = this.#borrower;
    const leftMs = borrower === undefined ? this.#unusedLeftMs() : this.#silenceLeftMs(borrower);
    if (leftMs > 0) this.#watch(leftMs);
    else if (borrower !== undefined) borrower.onSilence();
    else this.close(this.#isExpired ? 'closeExpiredConnLifetime' : 'idle');
  };

  #unusedLeftMs(): number {
    const unusedUntil = this.#lastActivity + this.#resources.options.idleTimeoutMs;
    return Math.min(unusedUntil, this.#expiresAt, this.#announcedEnd) - this.channel.clock.now();
  }

  #silenceLeftMs(borrower: ConnectionBorrower): number {
    const limitMs = borrower.silenceLimitMs(this.#resources.options) ?? Infinity;
    const silentMs = this.channel.clock.now() - this.#lastActivity;
    if (borrower.sendsBody !== true) return limitMs - silentMs;
    if (silentMs < limitMs / 2) return limitMs / 2 - silentMs;
    if (!this.#isTaken()) return limitMs - silentMs;
    this.touch();
    borrower.onTaken?.();
    return limitMs / 2;
  }

  // A server that reads a large request slowly is not silent while bytes leave.
  #isTaken(): boolean {
    this.#peer ??= new PeerProgress(this.channel);
    return this.#peer.hasMoved();
  }
}

function ageLimitMs({ options, random }: OriginResources): number {
  const { maxConnectionAgeMs, connectionAgeJitterPercent } = options;
  if (maxConnectionAgeMs === 0) return Infinity;
  return maxConnectionAgeMs * (1 - (random() * connectionAgeJitterPercent) / 100);
}

function requireHandler<H extends object>(channel: Channel, type: abstract new (...args: never[]) => H): H {
  const handler = channel.pipeline.get(type);
  if (handler === undefined) throw new TypeError(`The origin handlers need ${type.name}.`);
  return handler;
}
