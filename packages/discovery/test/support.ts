import { formatAddress, silentLogger, VirtualClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import type {
  AddressRecord,
  DiscoveredServer,
  DiscoveryOutcome,
  DnsResolver,
  ServerDiscovery,
  SrvRecord,
} from '@sluice/discovery';
import { onTestFinished } from 'vitest';

/** A DNS whose answers the test writes: records, or the code of a failure. */
export class FakeDns implements DnsResolver {
  readonly ipv4 = new Map<string, readonly AddressRecord[] | string>();
  readonly ipv6 = new Map<string, readonly AddressRecord[] | string>();
  readonly srv = new Map<string, readonly SrvRecord[] | string>();
  readonly hostsFile = new Map<string, readonly string[]>();
  /** The questions so far. */
  readonly questions: string[] = [];

  resolve4(name: string): Promise<readonly AddressRecord[]> {
    return this.#answer('A', name, this.ipv4.get(name));
  }

  resolve6(name: string): Promise<readonly AddressRecord[]> {
    return this.#answer('AAAA', name, this.ipv6.get(name) ?? 'ENODATA');
  }

  resolveSrv(name: string): Promise<readonly SrvRecord[]> {
    return this.#answer('SRV', name, this.srv.get(name));
  }

  lookup(name: string): Promise<readonly string[]> {
    return this.#answer('hosts', name, this.hostsFile.get(name));
  }

  #answer<T>(type: string, name: string, answer: readonly T[] | string = 'ENOTFOUND'): Promise<readonly T[]> {
    this.questions.push(`${type} ${name}`);
    if (typeof answer !== 'string') return Promise.resolve(answer);
    return Promise.reject(Object.assign(new Error(answer), { code: answer }));
  }
}

/** Subscribes for the time of the test, and keeps what it is told. */
export class Watcher {
  readonly clock = new VirtualClock();
  readonly outcomes: DiscoveryOutcome[] = [];
  readonly warnings: string[] = [];
  readonly logger: Logger = {
    ...silentLogger,
    warn: (fields) => this.warnings.push((fields as { err: Error }).err.message),
  };
  readonly services = {
    clock: this.clock,
    logger: this.logger,
    random: () => 0,
    onOutcome: (outcome: DiscoveryOutcome) => this.outcomes.push(outcome),
  };
  readonly sets: string[][] = [];
  #notify: () => void = () => {};

  watch(discovery: ServerDiscovery): () => void {
    const subscription = discovery.servers$.subscribe((servers) => {
      this.sets.push(servers.map(textOf));
      this.#notify();
    });
    const stop = () => subscription.unsubscribe();
    onTestFinished(stop);
    return stop;
  }

  get last(): string[] | undefined {
    return this.sets.at(-1);
  }

  /** Waits for the set of this number, from 0. */
  async set(at: number): Promise<string[]> {
    for (;;) {
      const set = this.sets[at];
      if (set !== undefined) return set;
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }

  /** Lets time pass, and every promise settle that does not wait for I/O. */
  async advance(ms: number): Promise<void> {
    this.clock.advance(ms);
    await settle();
  }
}

export function settle(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

function textOf({ address, weight, priority }: DiscoveredServer): string {
  return `${formatAddress(address)} w${weight} p${priority}`;
}
