import type { DiscoveryOutcome } from '@sluice/discovery';
import type { ProbeOutcome } from './health/health-probe.ts';
import type { OutlierListener } from './health/outlier-detector.ts';
import type { OriginServer } from './origin-server.ts';
import type { Origin } from './origin.ts';

/** Told of what becomes of the servers of origins, for metrics and logs. Each method is optional. */
export interface OriginListener extends OutlierListener {
  /** Servers came, went, or are given more or less than before. */
  onMembershipChanged?(origin: Origin): void;
  /** Discovery has looked for servers. */
  onDiscovery?(origin: Origin, outcome: DiscoveryOutcome): void;
  /** A server was checked. */
  onHealthCheck?(server: OriginServer, outcome: ProbeOutcome): void;
  /** A server has fallen ill or recovered. */
  onHealthChanged?(server: OriginServer, isHealthy: boolean): void;
}

/** One listener in the place of several. */
export function combined(listeners: readonly OriginListener[]): OriginListener {
  return {
    onMembershipChanged: (...told) => {
      for (const listener of listeners) listener.onMembershipChanged?.(...told);
    },
    onDiscovery: (...told) => {
      for (const listener of listeners) listener.onDiscovery?.(...told);
    },
    onHealthCheck: (...told) => {
      for (const listener of listeners) listener.onHealthCheck?.(...told);
    },
    onHealthChanged: (...told) => {
      for (const listener of listeners) listener.onHealthChanged?.(...told);
    },
    onOutlier: (...told) => {
      for (const listener of listeners) listener.onOutlier?.(...told);
    },
    onEjectionOverflow: (...told) => {
      for (const listener of listeners) listener.onEjectionOverflow?.(...told);
    },
    onUnejected: (...told) => {
      for (const listener of listeners) listener.onUnejected?.(...told);
    },
  };
}
