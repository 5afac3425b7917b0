import type { Origin, OriginServer } from '@sluice/origin';
import { maskSecrets } from '../text/mask-secrets.ts';
import type { BreakerReport, OriginReport, OriginServerReport } from '../seam/reports.ts';

/** What there is to say of an origin at the moment. */
export function originReport(origin: Origin): OriginReport {
  const { resources, servers } = origin;
  const { options } = resources;
  return {
    name: origin.name,
    servers: servers.map((server) => serverReport(origin, server)),
    healthyServers: origin.healthyCount,
    ejectedServers: origin.ejectedCount,
    isInPanic: origin.isInPanic,
    breakers: {
      connections: breaker(resources.connections, options.maxConnections, resources.hasConnectionLeft),
      pendingRequests: breaker(resources.pending, options.maxPendingRequests, resources.hasPendingLeft),
      requests: breaker(resources.requests, options.maxRequests, resources.hasRequestLeft),
      retries: breaker(resources.retries, options.maxRetries, resources.hasRetryLeft),
    },
    options: maskSecrets(options),
  };
}

function breaker(used: number, max: number, hasOneLeft: boolean): BreakerReport {
  return { used, max, isOpen: !hasOneLeft };
}

function serverReport(origin: Origin, server: OriginServer): OriginServerReport {
  const pool = origin.poolOf(server);
  return {
    address: server.name,
    weight: server.weight,
    priority: server.priority,
    isHealthy: server.isHealthy,
    failsHealthCheck: server.health.failsCheck,
    isEjected: server.health.isEjected,
    isTripped: server.health.isTripped,
    activeRequests: server.activeRequests,
    totalRequests: server.stats.totalRequests,
    connections: pool?.size ?? 0,
    idleConnections: pool?.readyCount ?? 0,
    pendingRequests: pool?.pendingCount ?? 0,
  };
}
