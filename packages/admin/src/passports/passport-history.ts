import { SluiceError } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import type { PassportRecord } from './passport-record.ts';

/** How much a PassportHistory keeps. */
export class PassportHistoryOptions {
  /** The latest requests. */
  readonly recentCount: number = 256;
  /** The slowest requests. */
  readonly slowestCount: number = 32;
  /** How long a request may count among the slowest, in ms: what was slow at the start is not the news of today. */
  readonly slowestWindowMs: number = 600_000;
}

interface Slow {
  readonly record: PassportRecord;
  readonly endedAt: number;
}

/**
 * The passports of the latest requests and of the slowest: of a bounded number of each.
 *
 * A request costs a slot of a ring and, unless it is among the slowest, two comparisons.
 */
export class PassportHistory {
  readonly #options: PassportHistoryOptions;
  readonly #ring: PassportRecord[] = [];
  #next = 0;
  /** The slowest first. */
  #slowest: Slow[] = [];
  #fastestKeptMs = Infinity;
  #expiresAt = Infinity;

  /** Throws a {@link SluiceError} for an option that is not a whole number from 1. */
  constructor(options: Partial<PassportHistoryOptions> = {}) {
    this.#options = withDefaults(PassportHistoryOptions, options);
    for (const [name, value] of Object.entries(this.#options) as [string, unknown][]) {
      if (Number.isInteger(value) && Number(value) >= 1) continue;
      throw new SluiceError(
        'SLUICE_PASSPORT_HISTORY',
        `${name}: expected a whole number from 1, found ${String(value)}.`,
      );
    }
  }

  /** `endedAt` is the time of the clock that {@link slowest} is asked with. */
  add(record: PassportRecord, endedAt: number): void {
    const { recentCount, slowestCount } = this.#options;
    this.#ring[this.#next] = record;
    this.#next = (this.#next + 1) % recentCount;
    const isFull = this.#slowest.length >= slowestCount;
    if (isFull && record.durationMs <= this.#fastestKeptMs && endedAt < this.#expiresAt) return;
    this.#addSlow(record, endedAt);
  }

  /** The latest first. */
  recent(): readonly PassportRecord[] {
    return [...this.#ring.slice(0, this.#next).toReversed(), ...this.#ring.slice(this.#next).toReversed()];
  }

  /** The slowest first, without those that are too old. */
  slowest(now: number): readonly PassportRecord[] {
    this.#keep(this.#slowest, now);
    return this.#slowest.map(({ record }) => record);
  }

  #addSlow(record: PassportRecord, endedAt: number): void {
    const at = this.#slowest.findIndex(({ record: other }) => other.durationMs < record.durationMs);
    const list = this.#slowest.toSpliced(at < 0 ? this.#slowest.length : at, 0, { record, endedAt });
    this.#keep(list, endedAt);
  }

  #keep(list: readonly Slow[], now: number): void {
    const { slowestCount, slowestWindowMs } = this.#options;
    const isFresh = ({ endedAt }: Slow): boolean => now - endedAt < slowestWindowMs;
    this.#slowest = list.filter(isFresh).slice(0, slowestCount);
    this.#fastestKeptMs = this.#slowest.at(-1)?.record.durationMs ?? Infinity;
    this.#expiresAt = Math.min(...this.#slowest.map(({ endedAt }) => endedAt)) + slowestWindowMs;
  }
}
