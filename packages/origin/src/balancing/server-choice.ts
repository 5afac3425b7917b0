import type { Hash64 } from '@sluice/load-balancing';
import type { OriginServer } from '../origin-server.ts';

/** What matters for which server a request gets. */
export interface ServerChoice {
  /** The same server for the same hash, where the policy of the balancer hashes. */
  readonly hashKey?: Hash64 | undefined;
  /** Servers that have failed the request: another one is chosen if there is any. */
  readonly tried?: readonly OriginServer[] | undefined;
  /** A cookie that brings the client back to its server: a Set-Cookie field for the response. */
  readonly newCookie?: string | undefined;
}
