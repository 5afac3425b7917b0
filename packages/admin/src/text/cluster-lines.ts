import type { BreakerReport, OriginReport, OriginServerReport } from '../seam/reports.ts';

/** Lines as `cluster::server::what::value`, which a person reads and `grep` and `awk` take apart. */
export function clusterLines(origins: readonly OriginReport[]): string {
  return origins
    .map((origin) =>
      [...originLines(origin), ...origin.servers.flatMap((server) => serverLines(origin, server))].join(''),
    )
    .join('');
}

function originLines({
  name,
  servers,
  healthyServers,
  ejectedServers,
  isInPanic,
  breakers,
}: OriginReport): string[] {
  return [
    `${name}::servers::${servers.length}\n`,
    `${name}::healthy_servers::${healthyServers}\n`,
    `${name}::ejected_servers::${ejectedServers}\n`,
    `${name}::panic::${isInPanic}\n`,
    ...breakerLines(name, 'connections', breakers.connections),
    ...breakerLines(name, 'pending_requests', breakers.pendingRequests),
    ...breakerLines(name, 'requests', breakers.requests),
    ...breakerLines(name, 'retries', breakers.retries),
  ];
}

function breakerLines(origin: string, what: string, { used, max, isOpen }: BreakerReport): string[] {
  return [
    `${origin}::breaker::${what}::${used}\n`,
    `${origin}::breaker::max_${what}::${max}\n`,
    `${origin}::breaker::${what}_open::${isOpen}\n`,
  ];
}

function serverLines({ name }: OriginReport, server: OriginServerReport): string[] {
  const figures: Record<string, string | number> = {
    health_flags: healthFlags(server),
    weight: server.weight,
    priority: server.priority,
    cx_active: server.connections,
    cx_idle: server.idleConnections,
    rq_active: server.activeRequests,
    rq_total: server.totalRequests,
    rq_pending: server.pendingRequests,
  };
  return Object.entries(figures).map(([what, value]) => `${name}::${server.address}::${what}::${value}\n`);
}

/** In Envoy's words, but for the last one. */
function healthFlags({ isHealthy, failsHealthCheck, isEjected, isTripped }: OriginServerReport): string {
  if (isHealthy) return 'healthy';
  const flags = [
    failsHealthCheck ? '/failed_active_hc' : '',
    isEjected ? '/failed_outlier_check' : '',
    isTripped ? '/circuit_tripped' : '',
  ];
  return flags.join('');
}
