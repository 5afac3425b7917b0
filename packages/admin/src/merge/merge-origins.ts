import { SHARED_LIMITS } from '@sluice/origin';
import type { BreakerReport, OriginReport, OriginServerReport } from '../seam/reports.ts';
import { groupBy, sumOf } from './group-by.ts';

/**
 * What several processes say of their origins, as of one: what is counted is added up, and so are
 * limits, of which each process has a part. A server is healthy where all say so.
 */
export function mergeOrigins(reports: readonly (readonly OriginReport[])[]): readonly OriginReport[] {
  return groupBy(reports.flat(), ({ name }) => name).map(([first, ...others]) => {
    const all = [first, ...others];
    const servers = groupBy(
      all.flatMap((origin) => origin.servers),
      ({ address, priority }) => `${priority} ${address}`,
    ).map(mergeServer);
    const breakersOf = (name: keyof OriginReport['breakers']): BreakerReport =>
      mergeBreaker(all.map(({ breakers }) => breakers[name]));
    return {
      name: first.name,
      servers,
      healthyServers: Math.min(...all.map(({ healthyServers }) => healthyServers)),
      ejectedServers: Math.max(...all.map(({ ejectedServers }) => ejectedServers)),
      isInPanic: all.some(({ isInPanic }) => isInPanic),
      breakers: {
        connections: breakersOf('connections'),
        pendingRequests: breakersOf('pendingRequests'),
        requests: breakersOf('requests'),
        retries: breakersOf('retries'),
      },
      options: mergeOptions(all.map(({ options }) => options)),
    };
  });
}

function mergeServer(all: readonly [OriginServerReport, ...OriginServerReport[]]): OriginServerReport {
  const [{ address, weight, priority }] = all;
  return {
    address,
    weight,
    priority,
    isHealthy: all.every(({ isHealthy }) => isHealthy),
    failsHealthCheck: all.some(({ failsHealthCheck }) => failsHealthCheck),
    isEjected: all.some(({ isEjected }) => isEjected),
    isTripped: all.some(({ isTripped }) => isTripped),
    activeRequests: sumOf(all, ({ activeRequests }) => activeRequests),
    totalRequests: sumOf(all, ({ totalRequests }) => totalRequests),
    connections: sumOf(all, ({ connections }) => connections),
    idleConnections: sumOf(all, ({ idleConnections }) => idleConnections),
    pendingRequests: sumOf(all, ({ pendingRequests }) => pendingRequests),
  };
}

/** Open where any process lets no more through. */
function mergeBreaker(all: readonly BreakerReport[]): BreakerReport {
  return {
    used: sumOf(all, ({ used }) => used),
    max: sumOf(all, ({ max }) => max),
    isOpen: all.some(({ isOpen }) => isOpen),
  };
}

// Plain data of other processes: what is there is looked at.
function mergeOptions(all: readonly unknown[]): unknown {
  const maps = all.filter((options) => typeof options === 'object' && options !== null);
  const sums = SHARED_LIMITS.map((name) => {
    const values = maps.map((options) => (options as Readonly<Record<string, unknown>>)[name]);
    return [name, sumOf(values, Number)] as const;
  });
  return { ...maps[0], ...Object.fromEntries(sums) };
}
