import type { EventLoop, Timer } from '@sluice/core';
import type { OriginServer } from '../origin-server.ts';
import type { HealthCheckOptions } from './health-check-options.ts';
import type { HealthProbe, ProbeOutcome } from './health-probe.ts';

/** Told of every check. */
export type CheckListener = (server: OriginServer, outcome: ProbeOutcome) => void;

/**
 * The checks of one server, one after the other.
 *
 * A server that was never checked counts as ill, and its first success makes it well.
 */
export class HealthCheckSession {
  readonly #server: OriginServer;
  readonly #probe: HealthProbe;
  readonly #options: HealthCheckOptions;
  readonly #eventLoop: EventLoop;
  readonly #random: () => number;
  readonly #onChecked: CheckListener;
  #timer: Timer;
  #cancelCheck: (() => void) | undefined = undefined;
  #isFirst = true;
  #successes = 0;
  #failures = 0;

  constructor(
    server: OriginServer,
    probe: HealthProbe,
    options: HealthCheckOptions,
    eventLoop: EventLoop,
    random: () => number,
    onChecked: CheckListener,
  ) {
    this.#server = server;
    this.#probe = probe;
    this.#options = options;
    this.#eventLoop = eventLoop;
    this.#random = random;
    this.#onChecked = onChecked;
    this.#setFailing(true);
    this.#timer = this.#checkIn(0);
  }

  /** Whether no check has ended yet. */
  get isFirst(): boolean {
    return this.#isFirst;
  }

  stop(): void {
    this.#timer.cancel();
    this.#cancelCheck?.();
  }

  #checkIn(delayMs: number): Timer {
    const jitterMs = this.#random() * this.#options.jitterMs;
    return this.#eventLoop.schedule(delayMs + jitterMs, () => this.#check());
  }

  #check(): void {
    this.#cancelCheck = this.#probe.check(this.#server, (outcome) => this.#checked(outcome));
  }

  #checked(outcome: ProbeOutcome): void {
    if (outcome === 'success') this.#succeeded();
    else this.#failed(outcome);
    this.#isFirst = false;
    const { intervalMs, unhealthyIntervalMs } = this.#options;
    const isIll = this.#server.health.failsCheck && unhealthyIntervalMs > 0;
    this.#timer = this.#checkIn(isIll ? unhealthyIntervalMs : intervalMs);
    this.#onChecked(this.#server, outcome);
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#successes++;
    if (this.#isFirst || this.#successes >= this.#options.healthyThreshold) this.#setFailing(false);
  }

  #failed(outcome: ProbeOutcome): void {
    this.#successes = 0;
    this.#failures++;
    const isCertain = outcome === 'unhealthy' || this.#failures >= this.#options.unhealthyThreshold;
    if (isCertain) this.#setFailing(true);
  }

  #setFailing(isFailing: boolean): void {
    this.#server.health.setFailsCheck(isFailing, this.#eventLoop.clock.now());
  }
}
