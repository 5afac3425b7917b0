/** Limits and timeouts of an origin and of the connections to its servers. */
export class OriginOptions {
  /** How long connecting may take, in ms. Default: 2000. */
  readonly connectTimeoutMs: number = 2000;
  /** How long a server may stay silent once the request was sent, also within a body, in ms. Default: 30 000. */
  readonly responseTimeoutMs: number = 30_000;
  /** How long an unused connection is kept, in ms. Keep it below the servers' own. Default: 30 000. */
  readonly idleTimeoutMs: number = 30_000;
  /** Connections to each server. Default: 1024. */
  readonly maxConnections: number = 1024;
  /** Requests that may wait for a connection to each server. Default: 1024. */
  readonly maxPendingRequests: number = 1024;
  /** Requests on one connection before it is replaced; 0: no limit. Default: 0. */
  readonly maxRequestsPerConnection: number = 0;
}

/** The defaults, with what is given in their place. */
export function originOptions(given: Partial<OriginOptions> = {}): OriginOptions {
  return Object.assign(new OriginOptions(), given);
}
