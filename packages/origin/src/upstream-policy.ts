import { ContextKey } from '@sluice/filters';

/** What a route says of how its requests are sent to an origin. What is absent is left to the origin's options. */
export interface UpstreamPolicy {
  /** From the end of the request to the end of the response, over all tries, in ms; 0: no limit. */
  readonly timeoutMs?: number;
  /** For each try, in ms; 0: no limit but that for all of them. */
  readonly perTryTimeoutMs?: number;
}

/** Set by the filter that chooses the route, for the ProxyEndpoint. */
export const UPSTREAM_POLICY: ContextKey<UpstreamPolicy> = new ContextKey('upstream-policy');
