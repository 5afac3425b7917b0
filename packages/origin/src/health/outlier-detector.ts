import type { EventLoop, Timer } from '@sluice/core';
import type { OriginServer } from '../origin-server.ts';
import type { OutlierDetectionOptions } from './outlier-detection-options.ts';
import { OutlierMonitor } from './outlier-monitor.ts';
import type { OutlierReason, RequestTally } from './outlier-monitor.ts';
import { successRateCut } from './success-rate.ts';

/** Told of servers that are thought to be ill. */
export interface OutlierListener {
  /** `isEnforced`: it was ejected for it. */
  onOutlier?(server: OriginServer, reason: OutlierReason, isEnforced: boolean): void;
  /** It would have been ejected, but too many are. */
  onEjectionOverflow?(server: OriginServer): void;
  /** It gets requests again. */
  onUnejected?(server: OriginServer): void;
}

type Enforcement = keyof OutlierDetectionOptions & `enforcing${string}`;

const ENFORCEMENTS: Readonly<Record<OutlierReason, Enforcement>> = {
  consecutive_5xx: 'enforcingConsecutive5xx',
  consecutive_gateway_failure: 'enforcingConsecutiveGatewayFailure',
  consecutive_local_origin_failure: 'enforcingConsecutiveLocalOriginFailure',
  success_rate: 'enforcingSuccessRate',
  local_origin_success_rate: 'enforcingSuccessRate',
  failure_percentage: 'enforcingFailurePercentage',
  local_origin_failure_percentage: 'enforcingFailurePercentage',
};

/**
 * Watches how the requests to the servers of an origin end, and ejects servers that do badly: they
 * get no requests for a while, each time longer.
 */
export class OutlierDetector {
  readonly #options: OutlierDetectionOptions;
  readonly #eventLoop: EventLoop;
  readonly #random: () => number;
  readonly #listener: OutlierListener;
  readonly #monitors = new Map<OriginServer, OutlierMonitor>();
  #timer: Timer | undefined = undefined;

  constructor(
    options: OutlierDetectionOptions,
    eventLoop: EventLoop,
    random: () => number,
    listener: OutlierListener,
  ) {
    this.#options = options;
    this.#eventLoop = eventLoop;
    this.#random = random;
    this.#listener = listener;
  }

  /** Servers that are ejected now. */
  get ejectedCount(): number {
    let count = 0;
    for (const { health } of this.#monitors.keys()) if (health.isEjected) count++;
    return count;
  }

  add(server: OriginServer): void {
    const monitor = new OutlierMonitor(server, this.#options, (outlier, reason) =>
      this.#judge(outlier, reason),
    );
    this.#monitors.set(server, monitor);
    server.stats.listen(monitor);
    this.#timer ??= this.#eventLoop.schedule(this.#options.intervalMs, this.#tick);
  }

  remove(server: OriginServer): void {
    server.stats.listen(undefined);
    this.#monitors.delete(server);
    if (this.#monitors.size === 0) this.#stop();
  }

  /** An active check says that the server is well. */
  healthCheckPassed(server: OriginServer): void {
    const monitor = this.#monitors.get(server);
    if (monitor === undefined || !server.health.isEjected) return;
    if (this.#options.successfulHealthCheckUneject && !server.health.failsCheck) this.#uneject(monitor);
  }

  close(): void {
    for (const server of this.#monitors.keys()) this.remove(server);
  }

  readonly #tick = (): void => {
    this.#timer = this.#eventLoop.schedule(this.#options.intervalMs, this.#tick);
    for (const monitor of this.#monitors.values()) this.#age(monitor);
    this.#compare('success_rate', 'failure_percentage', ({ answers }) => answers);
    if (this.#options.splitLocalOriginErrors) {
      this.#compare(
        'local_origin_success_rate',
        'local_origin_failure_percentage',
        ({ attempts }) => attempts,
      );
    }
    for (const monitor of this.#monitors.values()) monitor.roll();
  };

  // An ejection ends at the first tick after its time; each interval without one shortens the next.
  #age(monitor: OutlierMonitor): void {
    if (!monitor.server.health.isEjected) monitor.ejections = Math.max(0, monitor.ejections - 1);
    else if (this.#now >= monitor.ejectedUntilMs) this.#uneject(monitor);
  }

  #compare(
    byRate: OutlierReason,
    byFailures: OutlierReason,
    tallyOf: (monitor: OutlierMonitor) => RequestTally,
  ): void {
    const { successRateRequestVolume, successRateMinimumHosts, successRateStdevFactor } = this.#options;
    const rated = this.#withVolume(successRateRequestVolume, tallyOf);
    if (rated.length >= successRateMinimumHosts) {
      const rates = rated.map((monitor) => tallyOf(monitor).successRate);
      const cut = successRateCut(rates, successRateStdevFactor / 1000);
      for (const monitor of rated) if (tallyOf(monitor).successRate < cut) this.#judge(monitor, byRate);
    }
    const { failurePercentageRequestVolume, failurePercentageMinimumHosts } = this.#options;
    const counted = this.#withVolume(failurePercentageRequestVolume, tallyOf);
    if (counted.length < failurePercentageMinimumHosts) return;
    const most = 100 - this.#options.failurePercentageThreshold;
    for (const monitor of counted) if (tallyOf(monitor).successRate <= most) this.#judge(monitor, byFailures);
  }

  #withVolume(volume: number, tallyOf: (monitor: OutlierMonitor) => RequestTally): OutlierMonitor[] {
    return [...this.#monitors.values()].filter(
      (monitor) => !monitor.server.health.isEjected && tallyOf(monitor).total >= volume,
    );
  }

  #judge(monitor: OutlierMonitor, reason: OutlierReason): void {
    const { server } = monitor;
    if (server.health.isEjected) return;
    const isEnforced = this.#random() * 100 < this.#options[ENFORCEMENTS[reason]];
    const hasRoom = isEnforced && this.#hasRoom();
    if (hasRoom) this.#eject(monitor);
    this.#listener.onOutlier?.(server, reason, hasRoom);
    if (isEnforced && !hasRoom) this.#listener.onEjectionOverflow?.(server);
  }

  #hasRoom(): boolean {
    const { maxEjectionPercent, alwaysEjectOneHost } = this.#options;
    const ejected = this.ejectedCount;
    if (alwaysEjectOneHost && ejected === 0) return true;
    return (100 * (ejected + 1)) / this.#monitors.size <= maxEjectionPercent;
  }

  #eject(monitor: OutlierMonitor): void {
    const { baseEjectionTimeMs, maxEjectionTimeMs, maxEjectionTimeJitterMs } = this.#options;
    monitor.ejections++;
    monitor.ejectedUntilMs =
      this.#now +
      Math.min(baseEjectionTimeMs * monitor.ejections, Math.max(baseEjectionTimeMs, maxEjectionTimeMs)) +
      this.#random() * maxEjectionTimeJitterMs;
    monitor.server.health.setEjected(true, this.#now);
  }

  #uneject(monitor: OutlierMonitor): void {
    monitor.forgive();
    monitor.server.health.setEjected(false, this.#now);
    this.#listener.onUnejected?.(monitor.server);
  }

  get #now(): number {
    return this.#eventLoop.clock.now();
  }

  #stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
