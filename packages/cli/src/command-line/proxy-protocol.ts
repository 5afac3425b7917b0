import { TrustedPeers } from '@sluice/handler-proxy-protocol';
import { UsageError } from './usage-error.ts';

/** The networks of --proxy-protocol, as they are. Throws a {@link UsageError} for one that is none. */
export function parseProxyProtocol(networks: readonly string[]): readonly string[] {
  const wrong = networks.find((network) => !isPeer(network));
  if (wrong === undefined) return networks;
  throw new UsageError(
    `--proxy-protocol takes an IP address, a network such as 10.0.0.0/8, or unix; got "${wrong}".`,
  );
}

function isPeer(network: string): boolean {
  try {
    void new TrustedPeers([network]);
    return true;
  } catch {
    return false;
  }
}
