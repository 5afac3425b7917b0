import type { Timer } from '@sluice/core';
import type { PoolCallbacks } from './connection-pool.ts';
import { originError } from '../origin-error.ts';
import type { OriginResources } from '../origin-resources.ts';

interface Waiting {
  readonly callbacks: PoolCallbacks;
  readonly deadline: number;
}

/**
 * The requests that wait for a connection to one server, first come, first served, each until its
 * deadline, when it fails. All wait equally long, so one timer, for the first of them, is enough.
 */
export class PendingRequests {
  readonly #resources: OriginResources;
  readonly #connecting: () => number;
  #queue: Waiting[] = [];
  #freshCount = 0;
  #timer: Timer | undefined = undefined;

  /** `connecting`: how many connections are being made, each for one of those that wait. */
  constructor(resources: OriginResources, connecting: () => number) {
    this.#resources = resources;
    this.#connecting = connecting;
  }

  get size(): number {
    return this.#queue.length;
  }

  /** Those that take no connection that has served a request before. */
  get freshCount(): number {
    return this.#freshCount;
  }

  add(callbacks: PoolCallbacks): void {
    const { eventLoop, options } = this.#resources;
    this.#queue.push({ callbacks, deadline: eventLoop.clock.now() + options.pendingTimeoutMs });
    if (callbacks.needsFreshConnection) this.#freshCount++;
    this.#count(1);
    this.#timer ??= eventLoop.schedule(options.pendingTimeoutMs, this.#expire);
  }

  /** Takes the one that has waited longest, of those that take a connection like this. */
  take(hasServed: boolean): PoolCallbacks | undefined {
    if (!hasServed || this.#freshCount === 0) return this.#takeAt(0);
    return this.#takeAt(this.#queue.findIndex(({ callbacks }) => !callbacks.needsFreshConnection));
  }

  takeAll(): PoolCallbacks[] {
    const all = this.#queue;
    this.#queue = [];
    this.#left(all);
    return all.map(({ callbacks }) => callbacks);
  }

  remove(callbacks: PoolCallbacks): void {
    this.#takeAt(this.#queue.findIndex((waiting) => waiting.callbacks === callbacks));
  }

  #takeAt(at: number): PoolCallbacks | undefined {
    if (at < 0 || at >= this.#queue.length) return undefined;
    const taken = this.#queue.splice(at, 1);
    this.#left(taken);
    return taken[0]?.callbacks;
  }

  readonly #expire = (): void => {
    const { eventLoop, metrics } = this.#resources;
    const now = eventLoop.clock.now();
    const left = this.#queue.findIndex(({ deadline }) => deadline > now);
    const expired = this.#queue.splice(0, left < 0 ? this.#queue.length : left);
    const [first] = this.#queue;
    this.#timer = first && eventLoop.schedule(first.deadline - now, this.#expire);
    this.#left(expired);
    metrics.requests['pending.timeout'].inc(expired.length);
    // The first ones wait for connections that are being made, the others for those that a limit keeps from being made.
    const slow = this.#connecting();
    for (const [at, { callbacks }] of expired.entries())
      callbacks.onPoolFailure(originError(at < slow ? 'connection_timeout' : 'connection_limit_reached'));
  };

  #left(gone: readonly Waiting[]): void {
    for (const { callbacks } of gone) if (callbacks.needsFreshConnection) this.#freshCount--;
    this.#count(-gone.length);
    if (this.#queue.length > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #count(by: number): void {
    this.#resources.pending += by;
    this.#resources.metrics.pending.inc(by);
  }
}
