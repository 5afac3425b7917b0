import type { Clock, Logger, SocketAddress } from '@sluice/core';
import type { Observable } from 'rxjs';

/** A server that discovery has found. */
export interface DiscoveredServer {
  readonly address: SocketAddress;
  /** Its share of the requests beside the others of its priority; above 0. Default: 1. */
  readonly weight?: number;
  /** 0 is used first; higher ones take over as its health falls. Default: 0. */
  readonly priority?: number;
}

/** Finds the servers of an origin. */
export interface ServerDiscovery {
  /**
   * The whole set of servers, first as soon as it is known or known to be unknown (then `lastServers`), and
   * again whenever it changes. Looks for them while somebody is subscribed, and never fails: what
   * can't be found out leaves the last set as it is.
   */
  readonly servers$: Observable<readonly DiscoveredServer[]>;
}

/** What came of looking for servers once. `empty`: for certain there are none. */
export type DiscoveryOutcome = 'success' | 'empty' | 'failure';

/** What discovery needs of the world around it. */
export interface DiscoveryServices {
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * What one that looked in the same places has found before: where the first look-up fails, these are the servers until one does
   * not. Default: none.
   */
  readonly lastServers?: readonly DiscoveredServer[] | undefined;
  /** From 0 up to but not including 1; for jitter. Default: `Math.random`. */
  readonly random?: () => number;
  /** Told each time that servers were looked for. */
  readonly onOutcome?: (outcome: DiscoveryOutcome) => void;
}
