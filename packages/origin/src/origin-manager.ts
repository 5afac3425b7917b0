import { SluiceError } from '@sluice/core';
import type { EventLoop } from '@sluice/core';
import type { OriginConfig } from './origin-config.ts';
import type { OriginConnector } from './origin-connector.ts';
import { combined } from './origin-listener.ts';
import type { OriginServices } from './origin-services.ts';
import { Origin } from './origin.ts';
import { ServerMetrics } from './server-metrics.ts';

/** The origins of a gateway, by name. */
export class OriginManager {
  readonly #origins: ReadonlyMap<string, Origin>;

  /** Throws a {@link SluiceError} when two origins have one name, or a config is wrong. */
  constructor(
    configs: readonly OriginConfig[],
    connector: OriginConnector,
    eventLoop: EventLoop,
    services: OriginServices = {},
  ) {
    const origins = new Map<string, Origin>();
    const shared = withMetrics(services);
    for (const [at, config] of configs.entries()) {
      if (origins.has(config.name)) {
        throw new SluiceError('SLUICE_DUPLICATE_ORIGIN', `There are two origins named "${config.name}".`);
      }
      origins.set(config.name, new Origin(config, connector, eventLoop, shared, `origins[${at}]`));
    }
    this.#origins = origins;
  }

  get origins(): Iterable<Origin> {
    return this.#origins.values();
  }

  getOrigin(name: string): Origin | undefined {
    return this.#origins.get(name);
  }

  /** Begins to look for servers and to check them; resolves when it is known what there is. */
  async start(): Promise<void> {
    await Promise.all([...this.#origins.values()].map((origin) => origin.start()));
  }

  close(): void {
    for (const origin of this.#origins.values()) origin.close();
  }
}

function withMetrics(services: OriginServices): OriginServices {
  const { listener, registry } = services;
  if (registry === undefined) return services;
  const metrics = new ServerMetrics(registry);
  return { ...services, listener: listener === undefined ? metrics : combined([metrics, listener]) };
}
