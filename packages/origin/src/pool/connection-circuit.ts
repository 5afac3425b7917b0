import type { Timer } from '@sluice/core';
import type { OriginResources } from '../origin-resources.ts';
import type { OriginServer } from '../origin-server.ts';
import { outcomeOf } from '../proxy/request-outcome.ts';

/**
 * Passes a server over that takes no connections. After failures in a row it gets no requests; when
 * the time is up a connection is tried that no request waits for, and if that fails too, the next
 * time is twice as long. Any connection that is made ends it.
 */
export class ConnectionCircuit {
  readonly #server: OriginServer;
  readonly #resources: OriginResources;
  readonly #tryToConnect: () => void;
  #failures = 0;
  /** How often it has been tripped since a connection was made. */
  #trips = 0;
  #timer: Timer | undefined = undefined;
  #isClosed = false;

  /** `tryToConnect`: what is done when the time is up; who does it tells of what comes of it. */
  constructor(server: OriginServer, resources: OriginResources, tryToConnect: () => void) {
    this.#server = server;
    this.#resources = resources;
    this.#tryToConnect = tryToConnect;
  }

  /** A connection was made. */
  connected(): void {
    this.#failures = 0;
    if (this.#trips > 0) this.reset();
  }

  /** A connection was not made. */
  failed(error: unknown): void {
    const { connectionFailureCountThreshold: threshold } = this.#resources.options;
    // What this side is short of is not the server's doing; those who fail beside it while it is tripped change nothing.
    if (threshold === 0 || outcomeOf(error) === 'none' || this.#timer !== undefined || this.#isClosed) return;
    if (++this.#failures >= threshold) this.#trip();
  }

  /** It gets requests again. */
  reset(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#trips = 0;
    this.#setTripped(false);
  }

  /** Its server is used no more. */
  close(): void {
    this.#isClosed = true;
    this.#timer?.cancel();
  }

  #trip(): void {
    const { eventLoop, metrics, options } = this.#resources;
    if (this.#trips === 0) metrics.pool.circuitTripped.inc();
    const timeMs = Math.min(
      options.circuitTripTimeoutMs * 2 ** this.#trips++,
      Math.max(options.circuitTripTimeoutMs, options.circuitTripMaxTimeoutMs),
    );
    this.#timer = eventLoop.schedule(timeMs, () => {
      this.#timer = undefined;
      this.#tryToConnect();
    });
    this.#setTripped(true);
  }

  #setTripped(isTripped: boolean): void {
    this.#server.health.setTripped(isTripped, this.#resources.eventLoop.clock.now());
  }
}
