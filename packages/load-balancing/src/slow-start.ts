import type { Host } from './host.ts';
import type { LoadBalancerOptions } from './load-balancer-options.ts';

/** What the share of a host is worth while it warms up. */
export class SlowStart {
  readonly #windowMs: number;
  readonly #exponent: number;
  readonly #leastFactor: number;
  readonly #nowMs: () => number;

  constructor(options: LoadBalancerOptions, nowMs: () => number) {
    this.#windowMs = options.slowStartWindowMs;
    this.#exponent = 1 / options.slowStartAggression;
    this.#leastFactor = options.slowStartMinWeightPercent / 100;
    this.#nowMs = nowMs;
  }

  /** Whether one of them is still warming up. */
  isNeededBy(hosts: readonly Host[]): boolean {
    if (this.#windowMs === 0) return false;
    const now = this.#nowMs();
    return hosts.some(({ readySinceMs }) => now - readySinceMs < this.#windowMs);
  }

  /** The weight that the host has now. */
  weightOf({ weight, readySinceMs }: Host): number {
    if (this.#windowMs === 0) return weight;
    const age = this.#nowMs() - readySinceMs;
    if (age >= this.#windowMs) return weight;
    const grown = Math.max(0, age / this.#windowMs) ** this.#exponent;
    return weight * Math.max(this.#leastFactor, grown);
  }
}
