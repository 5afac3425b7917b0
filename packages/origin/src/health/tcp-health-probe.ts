import type { EventLoop } from '@sluice/core';
import type { OriginConnector } from '../pool/origin-connector.ts';
import type { OriginServer } from '../origin-server.ts';
import { ConnectionProbe } from './connection-probe.ts';
import type { HealthCheckOptions } from './health-check-options.ts';
import type { HealthProbe, ProbeOutcome } from './health-probe.ts';

/** Is content when a connection can be made. */
export class TcpHealthProbe implements HealthProbe {
  readonly #connector: OriginConnector;
  readonly #eventLoop: EventLoop;
  readonly #timeoutMs: number;

  constructor(
    connector: OriginConnector,
    eventLoop: EventLoop,
    { timeoutMs }: Pick<HealthCheckOptions, 'timeoutMs'>,
  ) {
    this.#connector = connector;
    this.#eventLoop = eventLoop;
    this.#timeoutMs = timeoutMs;
  }

  check(server: OriginServer, done: (outcome: ProbeOutcome) => void): () => void {
    const probe = new ConnectionProbe(
      this.#connector,
      this.#eventLoop,
      server,
      this.#timeoutMs,
      (_channel, connected) => connected.end('success'),
      done,
    );
    return () => probe.cancel();
  }
}
