import { combineLatest, map } from 'rxjs';
import type { Observable } from 'rxjs';
import { DiscoveryError } from './discovery-error.ts';
import { SystemDnsResolver } from './dns-resolver.ts';
import type { DnsResolver } from './dns-resolver.ts';
import { HostAddresses } from './host-addresses.ts';
import type { AddressFamily } from './host-addresses.ts';
import { observeLookups } from './observe-lookups.ts';
import { RefreshOptions } from './refresh-options.ts';
import type { DiscoveredServer, DiscoveryServices, ServerDiscovery } from './server-discovery.ts';

/** A host name whose every address is a server. */
export interface DnsName {
  readonly host: string;
  readonly port: number;
  /** Of each of its addresses. Default: 1. */
  readonly weight?: number;
  /** Default: 0. */
  readonly priority?: number;
}

export class DnsDiscoveryOptions extends RefreshOptions {
  /** Default: any. */
  readonly family: AddressFamily = 'any';
}

/**
 * Takes every address of some host names (A and AAAA) for a server, and looks them up again when
 * their TTL is over. A failure leaves the servers as they are; an answer without addresses does not.
 */
export class DnsDiscovery implements ServerDiscovery {
  readonly servers$: Observable<readonly DiscoveredServer[]>;

  /** Throws a {@link DiscoveryError} when there is no name. */
  constructor(
    names: readonly DnsName[],
    options: Partial<DnsDiscoveryOptions>,
    services: DiscoveryServices,
    resolver: DnsResolver = new SystemDnsResolver(),
  ) {
    if (names.length === 0) throw new DiscoveryError('DnsDiscovery needs at least one name.');
    const all = Object.assign(new DnsDiscoveryOptions(), options);
    const sets = names.map((name) => {
      const addresses = new HostAddresses(name.host, resolver, all.family);
      const lookUp = async () => {
        const { addresses: hosts, validMs } = await addresses.resolve();
        return { servers: hosts.map((host) => serverAt(host, name)), validMs };
      };
      const lastServers = services.lastServers?.filter((server) => isOf(server, name));
      return observeLookups(lookUp, { host: name.host }, all, { ...services, lastServers });
    });
    this.servers$ = combineLatest(sets).pipe(map((found) => found.flat()));
  }
}

/** Whether it may be an address of this name: which name it came from is not told. */
function isOf({ address, weight = 1, priority = 0 }: DiscoveredServer, name: DnsName): boolean {
  const { port, weight: ownWeight = 1, priority: ownPriority = 0 } = name;
  return 'port' in address && address.port === port && weight === ownWeight && priority === ownPriority;
}

function serverAt(host: string, { port, weight = 1, priority = 0 }: DnsName): DiscoveredServer {
  return { address: { host, port }, weight, priority };
}
