import type { Observable } from 'rxjs';
import { DnsDiscoveryOptions } from './dns-discovery.ts';
import { SystemDnsResolver } from './dns-resolver.ts';
import type { DnsResolver, SrvRecord } from './dns-resolver.ts';
import { codeOf, HostAddresses } from './host-addresses.ts';
import type { AddressFamily } from './host-addresses.ts';
import { observeLookups } from './observe-lookups.ts';
import type { FoundServers } from './observe-lookups.ts';
import type { DiscoveredServer, DiscoveryServices, ServerDiscovery } from './server-discovery.ts';

/**
 * Takes the servers of a service from its SRV records (RFC 2782): every address of every target,
 * with the record's port, weight and priority. The lowest priority there is becomes 0, the next 1, ….
 */
export class SrvDiscovery implements ServerDiscovery {
  readonly servers$: Observable<readonly DiscoveredServer[]>;
  readonly #service: string;
  readonly #family: AddressFamily;
  readonly #resolver: DnsResolver;
  #targets: ReadonlyMap<string, HostAddresses> = new Map();

  /** `service` is the whole name, as `_http._tcp.api.example.com`. */
  constructor(
    service: string,
    options: Partial<DnsDiscoveryOptions>,
    services: DiscoveryServices,
    resolver: DnsResolver = new SystemDnsResolver(),
  ) {
    const all = Object.assign(new DnsDiscoveryOptions(), options);
    this.#service = service;
    this.#family = all.family;
    this.#resolver = resolver;
    this.servers$ = observeLookups(() => this.#lookUp(), { service }, all, services);
  }

  // Node.js does not tell the TTL of SRV records, so that of the addresses is of no use either.
  async #lookUp(): Promise<FoundServers> {
    const records = await this.#records();
    await this.#resolveTargets(records);
    const ranks = [...new Set(records.map(({ priority }) => priority))].toSorted((a, b) => a - b);
    const servers = records.flatMap((record) => {
      const addresses = this.#targets.get(record.name)?.last ?? [];
      return addresses.map((host) => serverAt(host, record, ranks.indexOf(record.priority)));
    });
    return { servers, validMs: undefined };
  }

  async #records(): Promise<readonly SrvRecord[]> {
    try {
      const records = await this.#resolver.resolveSrv(this.#service);
      // RFC 2782: a target of "." says that there is no such service.
      return records.filter(({ name }) => name !== '' && name !== '.');
    } catch (cause) {
      if (codeOf(cause) === 'ENODATA') return [];
      throw cause;
    }
  }

  // A target whose look-up fails keeps the addresses that it had. Only if none has any, all has failed.
  async #resolveTargets(records: readonly SrvRecord[]): Promise<void> {
    const before = this.#targets;
    const names = new Set(records.map(({ name }) => name));
    this.#targets = new Map(
      [...names].map((name) => [
        name,
        before.get(name) ?? new HostAddresses(name, this.#resolver, this.#family),
      ]),
    );
    const targets = [...this.#targets.values()];
    const results = await Promise.allSettled(targets.map((target) => target.resolve()));
    const failure = results.find((result) => result.status === 'rejected');
    if (failure !== undefined && targets.every(({ last }) => last.length === 0)) throw failure.reason;
  }
}

// A weight of 0 is for servers that should get next to nothing: the least there is.
function serverAt(host: string, { port, weight }: SrvRecord, priority: number): DiscoveredServer {
  return { address: { host, port }, weight: Math.max(1, weight), priority };
}
