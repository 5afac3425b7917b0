import type { EventLoop, Timer } from '@sluice/core';
import type { PoolCallbacks } from './connection-pool.ts';

interface Waiting {
  readonly callbacks: PoolCallbacks;
  readonly deadline: number;
}

/**
 * The requests that wait for a connection to one server, first come, first served, each until its
 * deadline. All wait equally long, so one timer, for the first of them, is enough.
 */
export class PendingRequests {
  readonly #eventLoop: EventLoop;
  readonly #timeoutMs: number;
  readonly #onTimeout: (callbacks: PoolCallbacks) => void;
  #queue: Waiting[] = [];
  #timer: Timer | undefined = undefined;

  /** `onTimeout` is told of each request that has waited `timeoutMs`; it waits no longer. */
  constructor(eventLoop: EventLoop, timeoutMs: number, onTimeout: (callbacks: PoolCallbacks) => void) {
    this.#eventLoop = eventLoop;
    this.#timeoutMs = timeoutMs;
    this.#onTimeout = onTimeout;
  }

  get size(): number {
    return this.#queue.length;
  }

  add(callbacks: PoolCallbacks): void {
    this.#queue.push({ callbacks, deadline: this.#eventLoop.clock.now() + this.#timeoutMs });
    this.#timer ??= this.#eventLoop.schedule(this.#timeoutMs, this.#expire);
  }

  /** Takes the one that has waited longest. */
  take(): PoolCallbacks | undefined {
    const first = this.#queue.shift();
    this.#stopIfEmpty();
    return first?.callbacks;
  }

  takeAll(): PoolCallbacks[] {
    const all = this.#queue;
    this.#queue = [];
    this.#stopIfEmpty();
    return all.map(({ callbacks }) => callbacks);
  }

  remove(callbacks: PoolCallbacks): void {
    const at = this.#queue.findIndex((waiting) => waiting.callbacks === callbacks);
    if (at >= 0) this.#queue.splice(at, 1);
    this.#stopIfEmpty();
  }

  readonly #expire = (): void => {
    this.#timer = undefined;
    const now = this.#eventLoop.clock.now();
    const left = this.#queue.findIndex(({ deadline }) => deadline > now);
    const expired = this.#queue.splice(0, left < 0 ? this.#queue.length : left);
    const [first] = this.#queue;
    if (first !== undefined) this.#timer = this.#eventLoop.schedule(first.deadline - now, this.#expire);
    for (const { callbacks } of expired) this.#onTimeout(callbacks);
  };

  #stopIfEmpty(): void {
    if (this.#queue.length > 0) return;
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
