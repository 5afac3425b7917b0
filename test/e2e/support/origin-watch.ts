import type { Origin, OriginListener, OriginServer, OutlierReason, ProbeOutcome } from '@sluice/origin';

/** Keeps what is told of the servers of an origin, and waits for it without a clock. */
export class OriginWatch implements OriginListener {
  readonly discoveries: string[] = [];
  readonly checks: string[] = [];
  readonly health: string[] = [];
  readonly outliers: string[] = [];
  names: string[] = [];
  #notify: () => void = () => {};

  onMembershipChanged({ servers }: Origin): void {
    this.names = servers.map(({ name }) => name);
    this.#notify();
  }

  onDiscovery(_origin: Origin, outcome: string): void {
    this.discoveries.push(outcome);
    this.#notify();
  }

  onHealthCheck({ name }: OriginServer, outcome: ProbeOutcome): void {
    this.checks.push(`${name} ${outcome}`);
    this.#notify();
  }

  onHealthChanged({ name }: OriginServer, isHealthy: boolean): void {
    this.health.push(`${name} ${isHealthy ? 'well' : 'ill'}`);
    this.#notify();
  }

  onOutlier({ name }: OriginServer, reason: OutlierReason, isEnforced: boolean): void {
    this.outliers.push(`${name} ${reason}${isEnforced ? ' ejected' : ''}`);
    this.#notify();
  }

  /** Waits until this is so, and looks whenever something was told. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => (this.#notify = resolve));
  }
}
