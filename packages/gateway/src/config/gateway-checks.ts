import type { ConfigCheck } from '@sluice/config';
import { accessLogFormat } from './checks/access-log-format.ts';
import { accessLogPlace } from './checks/access-log-place.ts';
import { adminRules } from './checks/admin-rules.ts';
import { addressConflicts } from './checks/address-conflicts.ts';
import { filterRules } from './checks/filter-rules.ts';
import { handlerOrder, usedOptions } from './checks/list-checks.ts';
import { knownFilters, knownOrigins, uniqueNames, usedOrigins } from './checks/reference-checks.ts';
import { connectRoutes, distinctRoutes, reachableRoutes } from './checks/route-checks.ts';
import { originRules } from './checks/origin-rules.ts';
import { distinctServers, effectiveBalancing } from './checks/server-checks.ts';
import { tlsFiles } from './checks/tls-files.ts';
import { idleAboveResponseTimeout, poolIdleBelowKeepAlive, zeroMeansForever } from './checks/time-checks.ts';
import type { ComponentRegistry } from './component-registry.ts';
import type { GatewayConfig } from './gateway-config-schema.ts';

/** What is checked of a configuration beyond its schema. */
export function gatewayChecks(registry: ComponentRegistry): readonly ConfigCheck<GatewayConfig>[] {
  return [
    uniqueNames,
    knownOrigins(registry),
    usedOrigins(registry),
    knownFilters(registry),
    distinctRoutes,
    reachableRoutes,
    connectRoutes(registry),
    addressConflicts,
    adminRules,
    handlerOrder(registry),
    usedOptions(registry),
    originRules,
    distinctServers,
    effectiveBalancing,
    filterRules(registry),
    tlsFiles,
    idleAboveResponseTimeout(registry),
    poolIdleBelowKeepAlive,
    zeroMeansForever(registry),
    accessLogFormat,
    accessLogPlace,
  ];
}
