import type { EventLoop } from '@sluice/core';
import { OriginMetrics } from './origin-metrics.ts';
import type { OriginOptions } from './origin-options.ts';
import { Timeouts } from './proxy/timeouts.ts';

export interface OriginResourcesInit {
  /** From 0 to below 1, for jitter. Default: `Math.random`. */
  readonly random?: (() => number) | undefined;
}

/**
 * What all servers of an origin share: how many connections, requests and repetitions there are
 * and may be (its circuit breakers), its figures and the timeouts of its requests.
 */
export class OriginResources {
  readonly options: OriginOptions;
  readonly eventLoop: EventLoop;
  readonly timeouts: Timeouts;
  readonly random: () => number;
  /** Connections made and being made. */
  connections = 0;
  /** Requests that wait for a connection. */
  pending = 0;
  /** Requests that the servers have. */
  requests = 0;
  /** Repetitions under way. */
  retries = 0;
  #metrics: OriginMetrics = OriginMetrics.unexposed();
  readonly #reads: readonly [keyof OriginMetrics['breakers'], () => number][] = [
    ['connections', () => Number(!this.hasConnectionLeft)],
    ['pending', () => Number(!this.hasPendingLeft)],
    ['requests', () => Number(!this.hasRequestLeft)],
    ['retries', () => Number(!this.hasRetryLeft)],
  ];

  constructor(
    options: OriginOptions,
    eventLoop: EventLoop,
    { random = Math.random }: OriginResourcesInit = {},
  ) {
    this.options = options;
    this.eventLoop = eventLoop;
    this.timeouts = new Timeouts(eventLoop);
    this.random = random;
    this.expose(this.#metrics);
  }

  /** Where is counted; nobody sees it before {@link expose}. */
  get metrics(): OriginMetrics {
    return this.#metrics;
  }

  /** From now on these are the figures, and their breakers tell of this origin. */
  expose(metrics: OriginMetrics): void {
    this.#metrics = metrics;
    for (const [name, read] of this.#reads) metrics.breakers[name].follow(read);
  }

  /** Its breakers tell of it no more; what ends late is still counted. */
  unexpose(): void {
    for (const [name, read] of this.#reads) this.#metrics.breakers[name].unfollow(read);
  }

  get hasConnectionLeft(): boolean {
    return this.connections < this.options.maxConnections;
  }

  get hasPendingLeft(): boolean {
    return this.pending < this.options.maxPendingRequests;
  }

  get hasRequestLeft(): boolean {
    return this.requests < this.options.maxRequests;
  }

  /** Whether one more repetition is within `maxRetries` and the budget. */
  get hasRetryLeft(): boolean {
    const { maxRetries, retryBudgetPercent, minRetryConcurrency } = this.options;
    if (maxRetries > 0 && this.retries >= maxRetries) return false;
    const budget = ((this.requests + this.pending) * retryBudgetPercent) / 100;
    return this.retries < Math.max(budget, minRetryConcurrency);
  }
}
