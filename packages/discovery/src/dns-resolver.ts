import { lookup, Resolver } from 'node:dns/promises';

/** An address of a name, and for how many seconds that holds. */
export interface AddressRecord {
  readonly address: string;
  readonly ttl: number;
}

/** Where a service is to be found (RFC 2782). */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** The questions that discovery asks of DNS. Rejections carry the codes of `node:dns`. */
export interface DnsResolver {
  resolve4(name: string, options: { readonly ttl: true }): Promise<readonly AddressRecord[]>;
  resolve6(name: string, options: { readonly ttl: true }): Promise<readonly AddressRecord[]>;
  resolveSrv(name: string): Promise<readonly SrvRecord[]>;
  /** Asks the operating system, which also knows the hosts file and the search domains, but no TTL. */
  lookup(name: string): Promise<readonly string[]>;
}

const TIMEOUT_MS = 2000;
const TRIES = 2;

/** Asks the name servers of the system. */
export class SystemDnsResolver implements DnsResolver {
  readonly #resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });

  resolve4(name: string, options: { readonly ttl: true }): Promise<readonly AddressRecord[]> {
    return this.#resolver.resolve4(name, options);
  }

  resolve6(name: string, options: { readonly ttl: true }): Promise<readonly AddressRecord[]> {
    return this.#resolver.resolve6(name, options);
  }

  resolveSrv(name: string): Promise<readonly SrvRecord[]> {
    return this.#resolver.resolveSrv(name);
  }

  async lookup(name: string): Promise<readonly string[]> {
    const found = await lookup(name, { all: true });
    return found.map(({ address }) => address);
  }
}
