import type { Timer } from '@sluice/core';
import type { PoolCallbacks } from './connection-pool.ts';
import { originError } from './origin-error.ts';
import type { OriginResources } from './origin-resources.ts';

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
  #queue: Waiting[] = [];
  #timer: Timer | undefined = undefined;

  constructor(resources: OriginResources) {
    this.#resources = resources;
  }

  get size(): number {
    return this.#queue.length;
  }

  add(callbacks: PoolCallbacks): void {
    const { eventLoop, options } = this.#resources;
    this.#queue.push({ callbacks, deadline: eventLoop.clock.now() + options.pendingTimeoutMs });
    this.#count(1);
    this.#timer ??= eventLoop.schedule(options.pendingTimeoutMs, this.#expire);
  }

  /** Takes the one that has waited longest. */
  take(): PoolCallbacks | undefined {
    const first = this.#queue.shift();
    if (first !== undefined) this.#left(1);
    return first?.callbacks;
  }

  takeAll(): PoolCallbacks[] {
    const all = this.#queue;
    this.#queue = [];
    this.#left(all.length);
    return all.map(({ callbacks }) => callbacks);
  }

  remove(callbacks: PoolCallbacks): void {
    const at = this.#queue.findIndex((waiting) => waiting.callbacks === callbacks);
    if (at < 0) return;
    this.#queue.splice(at, 1);
    this.#left(1);
  }

  readonly #expire = (): void => {
    const { eventLoop, metrics } = this.#resources;
    const now = eventLoop.clock.now();
    const left = this.#queue.findIndex(({ deadline }) => deadline > now);
    const expired = this.#queue.splice(0, left < 0 ? this.#queue.length : left);
    const [first] = this.#queue;
    this.#timer = first && eventLoop.schedule(first.deadline - now, this.#expire);
    this.#left(expired.length);
    metrics.requests['pending.timeout'].inc(expired.length);
    for (const { callbacks } of expired) callbacks.onPoolFailure(originError('connection_limit_reached'));
  };

  #left(count: number): void {
    this.#count(-count);
    if (this.#queue.length > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #count(by: number): void {
    this.#resources.pending += by;
    this.#resources.metrics.pending.inc(by);
  }
}
