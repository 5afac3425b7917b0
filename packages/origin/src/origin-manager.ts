import { SluiceError } from '@sluice/core';
import type { EventLoop } from '@sluice/core';
import type { MetricsRegistry } from '@sluice/handler-metrics';
import type { OriginConnector } from './origin-connector.ts';
import { OriginMetrics } from './origin-metrics.ts';
import { Origin } from './origin.ts';
import type { OriginConfig } from './origin.ts';

/** The origins of a gateway, by name. */
export class OriginManager {
  readonly #origins: ReadonlyMap<string, Origin>;

  /** Throws a {@link SluiceError} when two origins have one name. `registry`: where their figures are exposed. */
  constructor(
    configs: readonly OriginConfig[],
    connector: OriginConnector,
    eventLoop: EventLoop,
    registry?: MetricsRegistry,
  ) {
    const origins = new Map<string, Origin>();
    for (const config of configs) {
      if (origins.has(config.name)) {
        throw new SluiceError('SLUICE_DUPLICATE_ORIGIN', `There are two origins named "${config.name}".`);
      }
      const metrics = registry && OriginMetrics.of(registry, config.name);
      origins.set(config.name, new Origin(config, connector, eventLoop, { metrics }));
    }
    this.#origins = origins;
  }

  getOrigin(name: string): Origin | undefined {
    return this.#origins.get(name);
  }

  close(): void {
    for (const origin of this.#origins.values()) origin.close();
  }
}
