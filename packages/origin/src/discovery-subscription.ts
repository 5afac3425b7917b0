import type { DiscoveredServer, DiscoveryServices, DnsResolver, ServerDiscovery } from '@sluice/discovery';
import { isDiscovery, openDiscovery } from './discovery-config.ts';
import type { DiscoveryConfig } from './discovery-config.ts';

/** Follows a discovery, which may have to be loaded first. */
export class DiscoverySubscription {
  readonly #source: DiscoveryConfig | ServerDiscovery;
  readonly #services: DiscoveryServices;
  readonly #resolver: DnsResolver | undefined;
  readonly #onServers: (servers: readonly DiscoveredServer[]) => void;
  #subscription: { unsubscribe(): void } | undefined = undefined;
  #isWaiting = true;
  #isClosed = false;

  constructor(
    source: DiscoveryConfig | ServerDiscovery,
    services: DiscoveryServices,
    resolver: DnsResolver | undefined,
    onServers: (servers: readonly DiscoveredServer[]) => void,
  ) {
    this.#source = source;
    this.#services = services;
    this.#resolver = resolver;
    this.#onServers = onServers;
  }

  /** Whether no set of servers has been told yet. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  start(): void {
    if (isDiscovery(this.#source)) this.#follow(this.#source);
    else {
      openDiscovery(this.#source, this.#services, this.#resolver).then(
        (discovery) => this.#follow(discovery),
        (err: unknown) => this.#failed(err),
      );
    }
  }

  close(): void {
    this.#isClosed = true;
    this.#subscription?.unsubscribe();
  }

  #follow({ servers$ }: ServerDiscovery): void {
    if (this.#isClosed) return;
    this.#subscription = servers$.subscribe({
      next: (servers) => this.#tell(servers),
      error: (err: unknown) => this.#failed(err),
    });
  }

  // Somebody's own discovery may fail, against the rule. The servers that were found last stay.
  #failed(err: unknown): void {
    this.#services.logger.error(
      { err },
      'The discovery of an origin has failed; its servers stay as they are.',
    );
    if (this.#isWaiting) this.#tell(this.#services.lastServers ?? []);
  }

  #tell(servers: readonly DiscoveredServer[]): void {
    this.#isWaiting = false;
    this.#onServers(servers);
  }
}
