import { SluiceError, stderrLogger } from '@sluice/core';
import type { EventLoop } from '@sluice/core';
import { checkedOriginConfig } from './origin-config.ts';
import type { OriginConfig, ServerConfig } from './origin-config.ts';
import type { OriginConnector } from './pool/origin-connector.ts';
import { HealthLog } from './health/health-log.ts';
import { combined } from './origin-listener.ts';
import type { OriginServices } from './origin-services.ts';
import { Origin } from './origin.ts';
import { ServerMetrics } from './server-metrics.ts';

/** The origins of a gateway at one moment, by name. */
export class OriginManager {
  readonly #origins = new Map<string, Origin>();
  readonly #services: OriginServices;
  readonly #metrics: ServerMetrics | undefined;
  readonly #isFirst: boolean;
  /** Origins of the manager before this one whose servers become others. */
  readonly #changed = new Map<Origin, readonly ServerConfig[]>();

  /**
   * Takes over from `previous` each origin that is declared as before, but perhaps for its listed
   * servers, with its connections and what it knows of them. Throws a {@link SluiceError} when two
   * origins have one name, or a config is wrong.
   */
  constructor(
    configs: readonly OriginConfig[],
    connector: OriginConnector,
    eventLoop: EventLoop,
    services: OriginServices = {},
    previous?: OriginManager,
  ) {
    this.#isFirst = previous === undefined;
    this.#metrics = previous === undefined ? metricsOf(services) : previous.#metrics;
    this.#services = previous === undefined ? withListener(services, this.#metrics) : previous.#services;
    for (const [at, config] of configs.entries()) {
      if (this.#origins.has(config.name)) {
        throw new SluiceError('SLUICE_DUPLICATE_ORIGIN', `There are two origins named "${config.name}".`);
      }
      const path = `origins[${at}]`;
      const known = previous?.getOrigin(config.name);
      const origin = known?.isDeclaredBy(config)
        ? this.#takeOver(known, config, path)
        : new Origin(config, connector, eventLoop, this.#services, path, known);
      this.#origins.set(config.name, origin);
    }
  }

  get origins(): Iterable<Origin> {
    return this.#origins.values();
  }

  getOrigin(name: string): Origin | undefined {
    return this.#origins.get(name);
  }

  /**
   * Begins to look for servers and to check them; resolves when it is known what there is. With this
   * the first manager is in use; one with a predecessor is with {@link apply}.
   */
  async start(): Promise<void> {
    if (this.#isFirst) this.apply();
    await Promise.all([...this.#origins.values()].map((origin) => origin.start()));
  }

  /** From now on figures are of these origins; those that were taken over get the servers that they have now. */
  apply(): void {
    for (const origin of this.#origins.values()) this.#metrics?.expose(origin);
    for (const [origin, servers] of this.#changed) origin.setServers(servers);
    this.#changed.clear();
  }

  /** Has all origins but those that `next` has as well look for no servers any more, and check none. */
  retireUnlessIn(next: OriginManager): void {
    const kept = new Set(next.origins);
    for (const origin of this.#origins.values()) if (!kept.has(origin)) origin.retire();
  }

  /** Closes all origins at the end of the gateway; what was counted of them stays, to be told of once more. */
  close(): void {
    for (const origin of this.#origins.values()) origin.close();
  }

  /** Closes all origins but those that others have as well, and takes their figures away. */
  closeUnlessIn(others: readonly OriginManager[]): void {
    const kept = new Set(others.flatMap(({ origins }) => [...origins]));
    for (const origin of this.#origins.values()) {
      if (kept.has(origin)) continue;
      origin.close();
      this.#metrics?.remove(origin);
    }
  }

  #takeOver(origin: Origin, config: OriginConfig, path: string): Origin {
    const { servers } = checkedOriginConfig(config, path);
    this.#changed.set(origin, servers);
    return origin;
  }
}

function metricsOf({ registry }: OriginServices): ServerMetrics | undefined {
  return registry && new ServerMetrics(registry);
}

/** Figures, the log and the listener that was given are told of what becomes of servers. */
function withListener(services: OriginServices, metrics: ServerMetrics | undefined): OriginServices {
  const { listener, logger = stderrLogger } = services;
  const told = [metrics, new HealthLog(logger), listener].filter((each) => each !== undefined);
  return { ...services, listener: combined(told) };
}
