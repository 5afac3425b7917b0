import type { Logger } from '@sluice/core';
import type { OriginListener } from '../origin-listener.ts';
import type { OriginServer } from '../origin-server.ts';
import type { ProbeOutcome } from './health-probe.ts';

/** Tells the log of each server that is unfit for requests, and when it is fit again: once for each time. */
export class HealthLog implements OriginListener {
  readonly #logger: Logger;
  readonly #unfit = new WeakSet<OriginServer>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  onHealthCheck(server: OriginServer, outcome: ProbeOutcome): void {
    this.#tell(server, outcome);
  }

  onHealthChanged(server: OriginServer): void {
    const { failsCheck, isEjected, isTripped } = server.health;
    // The check that has found it ill tells of it, with what it found; one that was not checked yet is not known to be.
    if (!failsCheck || isEjected || isTripped) this.#tell(server);
  }

  #tell(server: OriginServer, outcome?: ProbeOutcome): void {
    const { originName: origin, name, isHealthy, health } = server;
    if (isHealthy !== this.#unfit.has(server)) return;
    if (isHealthy) {
      this.#unfit.delete(server);
      this.#logger.info({ origin, server: name }, 'A server of an origin is fit for requests again.');
      return;
    }
    this.#unfit.add(server);
    const why = [
      ...(health.failsCheck ? [`health check: ${outcome ?? 'failed'}`] : []),
      ...(health.isEjected ? ['outlier'] : []),
      ...(health.isTripped ? ['connections that failed in a row'] : []),
    ];
    this.#logger.warn({ origin, server: name, why }, 'A server of an origin is unfit for requests.');
  }
}
