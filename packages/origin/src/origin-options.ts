import { checkedOptions } from './checked-options.ts';
import type { OptionRules } from './checked-options.ts';

/** Limits and timeouts of an origin and of the connections to its servers. */
export class OriginOptions {
  /** How long connecting may take, in ms. Default: 2000. */
  readonly connectTimeoutMs: number = 2000;
  /**
   * So many connections to a server that fail in a row trip its circuit: it gets no requests until
   * one is made. While none of the servers takes any, all of them are used. 0: never. Default: 3.
   */
  readonly connectionFailureCountThreshold: number = 3;
  /** When the first connection is tried to a server that is tripped, in ms; each further one after twice the time. Default: 10 000. */
  readonly circuitTripTimeoutMs: number = 10_000;
  /** The longest time between two of these, in ms. Default: 30 000. */
  readonly circuitTripMaxTimeoutMs: number = 30_000;
  /**
   * How long a server may stay silent when it is its turn, in ms: from the end of the request to
   * the response, within a response that the client takes, and while it takes no more of a request.
   * Default: 30 000. On Linux a request ends when its last byte was acknowledged, and a server takes
   * it while any bytes of it leave in each half of this time. What the server's own system holds
   * for it counts as taken: of 1 MiB there it must read 35 kB/s.
   */
  readonly responseTimeoutMs: number = 30_000;
  /** How long nothing may pass in either direction of a tunnel (after a 101 or CONNECT), in ms. Default: 300 000. */
  readonly tunnelIdleTimeoutMs: number = 300_000;
  /** How long an unused connection is kept, in ms. Keep it below the servers' own. Default: 30 000. */
  readonly idleTimeoutMs: number = 30_000;
  /** How long a request may wait for a connection, in ms, while that is made too: keep it above `connectTimeoutMs`. Default: 5000. */
  readonly pendingTimeoutMs: number = 5000;
  /** Connections to all servers together. A server without any gets one nonetheless. Default: 1024. */
  readonly maxConnections: number = 1024;
  /** Connections to each server; 0: no limit but that for all of them. Default: 0. */
  readonly maxConnectionsPerServer: number = 0;
  /** Requests that may wait for a connection. Default: 1024. */
  readonly maxPendingRequests: number = 1024;
  /** Requests that the servers may have at a time. Default: 1024. */
  readonly maxRequests: number = 1024;
  /** Repetitions under way at a time, on top of the budget; 0: no limit but the budget. Default: 0. */
  readonly maxRetries: number = 0;
  /** The part of all requests, waiting ones included, that may be repetitions, in percent. Default: 20. */
  readonly retryBudgetPercent: number = 20;
  /** Repetitions that the budget allows however few requests there are. Default: 3. */
  readonly minRetryConcurrency: number = 3;
  /** Requests on one connection before it is replaced; 0: no limit. Default: 0. */
  readonly maxRequestsPerConnection: number = 0;
  /** How old a connection may be when it is lent, in ms; 0: no limit. Default: 0. */
  readonly maxConnectionAgeMs: number = 0;
  /** The part of that age by which connections differ, so that they don't all go at once, in percent. Default: 10. */
  readonly connectionAgeJitterPercent: number = 10;
  /** Connections to each server that are kept unused; 0: no limit. Default: 0. */
  readonly maxIdleConnections: number = 0;
  /** Connections to each server for every request that it has or that waits for it, from 1 to 3. Default: 1. */
  readonly preconnectRatio: number = 1;
}

const TIME = { least: 1 } as const;
const COUNT = { least: 0, isWhole: true } as const;
const POSITIVE_COUNT = { least: 1, isWhole: true } as const;
const PERCENT = { least: 0, most: 100 } as const;

/** What makes sense of each option. */
export const ORIGIN_OPTION_RULES: OptionRules<OriginOptions> = {
  connectTimeoutMs: TIME,
  connectionFailureCountThreshold: COUNT,
  circuitTripTimeoutMs: TIME,
  circuitTripMaxTimeoutMs: TIME,
  responseTimeoutMs: TIME,
  tunnelIdleTimeoutMs: TIME,
  idleTimeoutMs: TIME,
  pendingTimeoutMs: TIME,
  maxConnections: POSITIVE_COUNT,
  maxConnectionsPerServer: COUNT,
  maxPendingRequests: POSITIVE_COUNT,
  maxRequests: POSITIVE_COUNT,
  maxRetries: COUNT,
  retryBudgetPercent: PERCENT,
  minRetryConcurrency: COUNT,
  maxRequestsPerConnection: COUNT,
  maxConnectionAgeMs: { least: 0 },
  connectionAgeJitterPercent: PERCENT,
  maxIdleConnections: COUNT,
  preconnectRatio: { least: 1, most: 3 },
};

/**
 * The defaults, with what is given in their place. Throws a SluiceError that names the place under
 * `path`, for an unknown name or a value out of range.
 */
export function originOptions(given: Partial<OriginOptions> = {}, path = 'options'): OriginOptions {
  return checkedOptions(new OriginOptions(), given, ORIGIN_OPTION_RULES, path);
}
