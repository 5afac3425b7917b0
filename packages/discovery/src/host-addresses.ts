import { isIP } from 'node:net';
import { DiscoveryError } from './discovery-error.ts';
import type { AddressRecord, DnsResolver } from './dns-resolver.ts';

/** Which addresses of a name count: of both families, or of one. */
export type AddressFamily = 'any' | 'ipv4' | 'ipv6';

/** All addresses of a name, and for how long they hold, if that is known. */
export interface ResolvedAddresses {
  readonly addresses: readonly string[];
  readonly validMs: number | undefined;
}

/**
 * The addresses of one host name. A family whose look-up fails keeps those that it had, so that a
 * name server that drops a question takes no half of the servers away.
 */
export class HostAddresses {
  readonly #host: string;
  readonly #resolver: DnsResolver;
  readonly #family: AddressFamily;
  #ipv4: readonly AddressRecord[] = [];
  #ipv6: readonly AddressRecord[] = [];
  #last: readonly string[] = [];

  constructor(host: string, resolver: DnsResolver, family: AddressFamily) {
    this.#host = host;
    this.#resolver = resolver;
    this.#family = family;
  }

  /** Looks them up. None is an answer, too. Throws a {@link DiscoveryError} when nothing could be found out. */
  async resolve(): Promise<ResolvedAddresses> {
    if (isIP(this.#host) !== 0) return { addresses: [this.#host], validMs: Infinity };
    const [ipv4, ipv6] = await Promise.allSettled([this.#ask('ipv4'), this.#ask('ipv6')]);
    if (ipv4.status === 'fulfilled') this.#ipv4 = ipv4.value;
    if (ipv6.status === 'fulfilled') this.#ipv6 = ipv6.value;
    const failure = [ipv4, ipv6].find((result) => result.status === 'rejected');
    const hasBothFailed = ipv4.status === 'rejected' && ipv6.status === 'rejected';
    const records = [...this.#ipv4, ...this.#ipv6];
    if (failure !== undefined && (hasBothFailed || records.length === 0)) return this.#lookUp(failure.reason);
    this.#last = records.map(({ address }) => address);
    const isWhole = failure === undefined && records.length > 0;
    const leastTtl = Math.min(...records.map(({ ttl }) => ttl));
    return { addresses: this.#last, validMs: isWhole ? leastTtl * 1000 : undefined };
  }

  /** Those that were found last; empty before that. */
  get last(): readonly string[] {
    return this.#last;
  }

  async #ask(family: 'ipv4' | 'ipv6'): Promise<readonly AddressRecord[]> {
    if (this.#family !== 'any' && this.#family !== family) return [];
    try {
      return family === 'ipv4'
        ? await this.#resolver.resolve4(this.#host, { ttl: true })
        : await this.#resolver.resolve6(this.#host, { ttl: true });
    } catch (cause) {
      if (codeOf(cause) === 'ENODATA') return [];
      throw cause;
    }
  }

  // What DNS does not know may stand in the hosts file.
  async #lookUp(reason: unknown): Promise<ResolvedAddresses> {
    const found =
      codeOf(reason) === 'ENOTFOUND' ? await this.#resolver.lookup(this.#host).catch(() => []) : [];
    const addresses = found.filter((address) => this.#isWanted(address));
    if (addresses.length > 0) {
      this.#last = addresses;
      return { addresses, validMs: undefined };
    }
    throw new DiscoveryError(`The name ${this.#host} could not be resolved: ${String(codeOf(reason))}.`, {
      cause: reason,
    });
  }

  #isWanted(address: string): boolean {
    return this.#family === 'any' || isIP(address) === (this.#family === 'ipv4' ? 4 : 6);
  }
}

export function codeOf(cause: unknown): string | undefined {
  return (cause as NodeJS.ErrnoException | undefined)?.code;
}
