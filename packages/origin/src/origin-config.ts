import type { SocketAddress } from '@sluice/core';
import type { ServerDiscovery } from '@sluice/discovery';
import type { ClientSslOptions } from '@sluice/handler-tls';
import type { LoadBalancerOptions, LoadBalancerPolicy } from '@sluice/load-balancing';
import { checkedHashPolicies } from './balancing/hash-policy.ts';
import type { HashPolicy } from './balancing/hash-policy.ts';
import { loadBalancerOptions } from './balancing/load-balancer-config.ts';
import { checkedOptions, isObject, wrongConfig } from './checked-options.ts';
import { checkDiscovery } from './discovery-config.ts';
import type { DiscoveryConfig } from './discovery-config.ts';
import { healthCheckOptions } from './health/health-check-options.ts';
import type { HealthCheckOptions } from './health/health-check-options.ts';
import { OUTLIER_DETECTION_RULES, OutlierDetectionOptions } from './health/outlier-detection-options.ts';
import type { LoadBalancer } from './load-balancer.ts';
import type { OriginOptions } from './origin-options.ts';
import { isName } from './schema/name-schema.ts';

/** A server of an origin that is listed. */
export type ServerConfig = SocketAddress & {
  /** Its share of the requests beside the others of its priority. Default: 1. */
  readonly weight?: number;
  /** 0 is used first; higher ones take over as its health falls. Default: 0. */
  readonly priority?: number;
};

export interface OriginConfig {
  /** What routes call it. */
  readonly name: string;
  /** Servers that stay. In place of them, or beside them, there may be a discovery. */
  readonly servers?: readonly ServerConfig[];
  /** Finds servers, which are added to those that are listed. */
  readonly discovery?: DiscoveryConfig | ServerDiscovery;
  readonly options?: Partial<OriginOptions>;
  /** Speaks TLS with the servers, and verifies them. Absent: no TLS. */
  readonly tls?: Partial<ClientSslOptions>;
  /** Default: round robin. */
  readonly loadBalancer?: LoadBalancerPolicy | Partial<LoadBalancerOptions> | LoadBalancer;
  /** What of a request decides its server, for ring-hash and maglev. Default: nothing, any server. */
  readonly hashPolicy?: readonly HashPolicy[];
  /** Default: none. */
  readonly healthCheck?: Partial<HealthCheckOptions>;
  /** Default: none. */
  readonly outlierDetection?: Partial<OutlierDetectionOptions>;
}

/** A config whose every part is checked, with its defaults. */
export interface CheckedOriginConfig {
  readonly servers: readonly ServerConfig[];
  readonly loadBalancer: LoadBalancerOptions | LoadBalancer;
  readonly hashPolicy: readonly HashPolicy[];
  readonly healthCheck: HealthCheckOptions | undefined;
  readonly outlierDetection: OutlierDetectionOptions | undefined;
}

/** Throws a SluiceError that names what is wrong, as `origins[0].servers[1].weight`. */
export function checkedOriginConfig(config: OriginConfig, path: string): CheckedOriginConfig {
  const {
    servers = [],
    discovery,
    loadBalancer = {},
    hashPolicy = [],
    healthCheck,
    outlierDetection,
  } = config;
  if (!isName(config.name))
    throw wrongConfig(`${path}.name`, 'a name without control characters', config.name);
  if (config.servers === undefined && discovery === undefined)
    throw wrongConfig(`${path}.servers`, 'a list of servers where there is no discovery', undefined);
  for (const [at, server] of servers.entries()) checkServer(server, `${path}.servers[${at}]`);
  if (discovery !== undefined) checkDiscovery(discovery, `${path}.discovery`);
  return {
    servers,
    loadBalancer: isBalancer(loadBalancer)
      ? loadBalancer
      : loadBalancerOptions(loadBalancer, `${path}.loadBalancer`),
    hashPolicy: checkedHashPolicies(hashPolicy, `${path}.hashPolicy`),
    healthCheck: healthCheck && healthCheckOptions(healthCheck, `${path}.healthCheck`),
    outlierDetection:
      outlierDetection &&
      checkedOptions(
        new OutlierDetectionOptions(),
        outlierDetection,
        OUTLIER_DETECTION_RULES,
        `${path}.outlierDetection`,
      ),
  };
}

export function isBalancer(given: unknown): given is LoadBalancer {
  return isObject(given) && 'choose' in given;
}

function checkServer(server: ServerConfig, path: string): void {
  // The compiler says so too, to who has one.
  const given: unknown = server;
  if (!isObject(given) || (typeof given['path'] !== 'string' && !isInetAddress(given)))
    throw wrongConfig(path, 'an object with host and port, or path', given);
  const { weight = 1, priority = 0 } = server;
  const isWeight = typeof weight === 'number' && weight > 0 && weight < Infinity;
  if (!isWeight) throw wrongConfig(`${path}.weight`, 'a number above 0', weight);
  const isPriority = Number.isInteger(priority) && priority >= 0;
  if (!isPriority) throw wrongConfig(`${path}.priority`, 'a whole number from 0', priority);
}

function isInetAddress({ host, port }: Readonly<Record<string, unknown>>): boolean {
  return typeof host === 'string' && host !== '' && typeof port === 'number' && Number.isInteger(port);
}
