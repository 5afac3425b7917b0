import type { EventLoop } from '@sluice/core';
import { OriginMetrics } from './origin-metrics.ts';
import type { OriginOptions } from './origin-options.ts';
import { Timeouts } from './proxy/timeouts.ts';

export interface OriginResourcesInit {
  /** Default: figures that nobody exposes. */
  readonly metrics?: OriginMetrics | undefined;
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
  readonly metrics: OriginMetrics;
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

  constructor(
    options: OriginOptions,
    eventLoop: EventLoop,
    { metrics = OriginMetrics.unexposed(), random = Math.random }: OriginResourcesInit = {},
  ) {
    this.options = options;
    this.eventLoop = eventLoop;
    this.metrics = metrics;
    this.timeouts = new Timeouts(eventLoop);
    this.random = random;
    const { breakers } = metrics;
    breakers.connections.follow(() => Number(!this.hasConnectionLeft));
    breakers.pending.follow(() => Number(!this.hasPendingLeft));
    breakers.requests.follow(() => Number(!this.hasRequestLeft));
    breakers.retries.follow(() => Number(!this.hasRetryLeft));
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
