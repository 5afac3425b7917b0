import type { OriginServer } from '../origin-server.ts';

/**
 * What a check has found: `unhealthy` is a server that says so itself, by a wrong status; `failure`
 * and `timeout` may have other reasons.
 */
export type ProbeOutcome = 'success' | 'unhealthy' | 'failure' | 'timeout';

/** Asks a server once whether it is well. */
export interface HealthProbe {
  /** Calls back once, unless it is cancelled by what is returned. */
  check(server: OriginServer, done: (outcome: ProbeOutcome) => void): () => void;
}
