import { formatAddress } from '@sluice/core';
import type { OriginConfig } from '@sluice/origin';
import type { OriginChoice } from '@sluice/router';

/** An origin that a request may be sent to, as it is declared. */
export interface ExplainedOrigin {
  readonly name: string;
  /** Its share of the requests of the route, in %. */
  readonly percent: number;
  readonly servers: readonly string[];
  /** Where more of them are found. */
  readonly discovery: string | undefined;
  readonly loadBalancer: string;
  readonly isTls: boolean;
  /** What keeps a client with this origin, and with this server of it. */
  readonly sticky: string | undefined;
  readonly hashedBy: readonly string[];
}

const DEFAULT_POLICY = 'round-robin';

/** The origins of a route that get any requests. */
export function explainedOrigins(
  { weighted, sticky }: OriginChoice,
  declared: readonly OriginConfig[],
): readonly ExplainedOrigin[] {
  const total = weighted.reduce((sum, { weight }) => sum + weight, 0);
  return weighted.flatMap(({ origin, weight }) => {
    const config = declared.find(({ name }) => name === origin);
    if (config === undefined) return [];
    const { name, servers = [], discovery, tls, hashPolicy = [] } = config;
    return {
      name,
      percent: Math.round((weight / total) * 1000) / 10,
      servers: servers.map(formatAddress),
      discovery: discoveryOf(discovery),
      loadBalancer: policyOf(config),
      isTls: tls !== undefined,
      sticky: weighted.length > 1 && sticky !== undefined ? keyOf(sticky) : undefined,
      hashedBy: hashPolicy.map(({ type, ...policy }) => ('name' in policy ? `${type} ${policy.name}` : type)),
    };
  });
}

function policyOf({ loadBalancer = DEFAULT_POLICY }: OriginConfig): string {
  if (typeof loadBalancer === 'string') return loadBalancer;
  if ('choose' in loadBalancer) return 'its own';
  return loadBalancer.policy ?? DEFAULT_POLICY;
}

function discoveryOf(discovery: OriginConfig['discovery']): string | undefined {
  if (discovery === undefined) return undefined;
  if ('servers$' in discovery) return 'its own';
  if (discovery.type === 'dns') return `dns ${discovery.names.map(formatAddress).join(', ')}`;
  return discovery.type === 'srv' ? `srv ${discovery.service}` : `file ${discovery.path}`;
}

function keyOf(sticky: NonNullable<OriginChoice['sticky']>): string {
  const { header, cookie } = sticky;
  if (header !== undefined) return `header ${header}`;
  return cookie === undefined ? 'source address' : `cookie ${cookie}`;
}
