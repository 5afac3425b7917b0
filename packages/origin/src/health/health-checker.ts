import type { EventLoop } from '@sluice/core';
import type { OriginConnector } from '../pool/origin-connector.ts';
import type { OriginServer } from '../origin-server.ts';
import type { HealthCheckOptions } from './health-check-options.ts';
import { HealthCheckSession } from './health-check-session.ts';
import type { CheckListener } from './health-check-session.ts';
import type { HealthProbe } from './health-probe.ts';
import { HttpHealthProbe } from './http-health-probe.ts';
import { TcpHealthProbe } from './tcp-health-probe.ts';

/** Checks the servers of an origin again and again, each on its own. */
export class HealthChecker {
  readonly #options: HealthCheckOptions;
  readonly #probe: HealthProbe;
  readonly #eventLoop: EventLoop;
  readonly #random: () => number;
  readonly #onChecked: CheckListener;
  readonly #sessions = new Map<OriginServer, HealthCheckSession>();

  constructor(
    options: HealthCheckOptions,
    connector: OriginConnector,
    eventLoop: EventLoop,
    random: () => number,
    onChecked: CheckListener,
  ) {
    this.#options = options;
    this.#probe =
      options.type === 'http'
        ? new HttpHealthProbe(connector, eventLoop, options)
        : new TcpHealthProbe(connector, eventLoop, options);
    this.#eventLoop = eventLoop;
    this.#random = random;
    this.#onChecked = onChecked;
  }

  /** Whether a server has not been checked yet. */
  get isFirstRound(): boolean {
    for (const session of this.#sessions.values()) if (session.isFirst) return true;
    return false;
  }

  add(server: OriginServer): void {
    this.#sessions.set(
      server,
      new HealthCheckSession(
        server,
        this.#probe,
        this.#options,
        this.#eventLoop,
        this.#random,
        this.#onChecked,
      ),
    );
  }

  remove(server: OriginServer): void {
    this.#sessions.get(server)?.stop();
    this.#sessions.delete(server);
  }

  close(): void {
    for (const server of this.#sessions.keys()) this.remove(server);
  }
}
