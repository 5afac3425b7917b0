import { shareOf } from '@sluice/inject';
import type { WorkerPlace } from '@sluice/inject';
import type { OriginConfig } from './origin-config.ts';
import { OriginOptions } from './origin-options.ts';

/** The limits of an origin that count for the whole gateway: several processes have a part of them each. */
export const SHARED_LIMITS = [
  'maxConnections',
  'maxConnectionsPerServer',
  'maxPendingRequests',
  'maxRequests',
  'maxRetries',
  'minRetryConcurrency',
  'maxIdleConnections',
] as const satisfies readonly (keyof OriginOptions)[];

/** An origin as one of several processes has it: with its part of each limit. */
export function shareLimits(origin: OriginConfig, place: WorkerPlace): OriginConfig {
  if (place.workers === 1) return origin;
  const options: OriginOptions = { ...new OriginOptions(), ...origin.options };
  const shares = SHARED_LIMITS.map((name) => [name, shareOf(options[name], place)] as const);
  return { ...origin, options: { ...origin.options, ...Object.fromEntries(shares) } };
}
