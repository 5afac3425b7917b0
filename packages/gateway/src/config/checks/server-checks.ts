import type { CheckFinding, ConfigCheck, ConfigPath } from '@sluice/config';
import { formatAddress } from '@sluice/core';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { requireAddress } from '../origin-schema.ts';

type Check = ConfigCheck<GatewayConfig>;
type OriginEntry = GatewayConfig['origins'][number];

const HASHING: ReadonlySet<string> = new Set(['ring-hash', 'maglev']);

/** What is said of the choice of a server, and the policy does not look at, and the other way round. */
export const effectiveBalancing: Check = {
  name: 'effective-balancing',
  run: ({ origins }) => origins.flatMap((origin, at) => balancingFindings(origin, ['origins', at])),
};

/** A server that is listed again is the first one, whatever weight it has there. */
export const distinctServers: Check = {
  name: 'distinct-servers',
  run: ({ origins }) =>
    origins.flatMap(({ servers }, at) => {
      const known = new Map<string, number>();
      return servers.flatMap((server, index): readonly CheckFinding[] => {
        const name = formatAddress(requireAddress(typeof server === 'string' ? server : server.address));
        const first = known.get(name) ?? index;
        known.set(name, first);
        if (first === index) return [];
        const message = `found ${name} again, which counts for nothing; the first is servers[${first}]. A weight gives it more requests.`;
        return [warning(['origins', at, 'servers', index], message)];
      });
    }),
};

function balancingFindings(
  { loadBalancer, hashPolicy = [], servers }: OriginEntry,
  path: ConfigPath,
): readonly CheckFinding[] {
  const policy = (typeof loadBalancer === 'string' ? loadBalancer : loadBalancer?.policy) ?? 'round-robin';
  const isHashing = HASHING.has(policy);
  if (!isHashing && hashPolicy.length > 0) {
    const message = `found a hash policy, but ${policy} does not look at it; expected the policy ring-hash or maglev.`;
    return [warning([...path, 'hashPolicy'], message)];
  }
  if (isHashing && hashPolicy.length === 0) {
    const message = `found ${policy} without a hashPolicy: nothing of a request decides its server.`;
    return [warning([...path, 'loadBalancer'], message)];
  }
  const weights = new Set(servers.map((server) => (typeof server === 'string' ? 1 : server.weight)));
  return policy === 'random' && weights.size > 1
    ? [warning([...path, 'servers'], 'found weights, but the policy random does not look at them.')]
    : [];
}

function warning(path: ConfigPath, message: string): CheckFinding {
  return { severity: 'warning', path, message };
}
