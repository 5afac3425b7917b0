import { setTimeout as delay } from 'node:timers/promises';
import { fitLine } from '../../support/measure/regression.ts';
import { noted, type Finding } from '../finding.ts';
import type { GatewayUnderTest } from '../gateway/gateway-under-test.ts';
import type { MemoryReading } from '../gateway/memory-reading.ts';

const HOUR_MS = 3_600_000;
const MIB = 1_048_576;
/** The part of the run in which code is compiled and pools and tables grow. */
const WARM_UP_SHARE = 0.25;
/** Readings that follow one another are not independent, so the interval is too narrow: so much growth in a run is noise. */
const NOISE_SHARE = 0.03;
const MIN_READINGS = 10;

/** Reads memory at regular times while a load runs, and says whether it grows. */
export class MemoryCourse {
  readonly #gateway: GatewayUnderTest;
  readonly #everyMs: number;
  readonly #readings: { atMs: number; reading: MemoryReading }[] = [];

  constructor(gateway: GatewayUnderTest, everyMs: number) {
    this.#gateway = gateway;
    this.#everyMs = everyMs;
  }

  /** Reads until `isOver`; `onReading` hears each. */
  async run(isOver: () => boolean, onReading: (reading: MemoryReading) => void): Promise<void> {
    const startedAtMs = performance.now();
    while (!isOver()) {
      const reading = await this.#gateway.memory();
      this.#readings.push({ atMs: performance.now() - startedAtMs, reading });
      onReading(reading);
      await delay(this.#everyMs);
    }
  }

  /** The slope of RSS and of the heap, each with its interval; nothing of a run that is too short for one. */
  findings(): Finding[] {
    const warm = this.#readings.slice(Math.floor(this.#readings.length * WARM_UP_SHARE));
    if (warm.length < MIN_READINGS) return [];
    return [
      this.#slope('RSS under load', warm, ({ rss }) => rss),
      this.#slope('heap in use after collection', warm, ({ heapUsed }) => heapUsed),
      this.#slope('outside of the heap', warm, ({ rss, heapTotal }) => rss - heapTotal),
    ];
  }

  #slope(
    what: string,
    readings: readonly { atMs: number; reading: MemoryReading }[],
    figure: (reading: MemoryReading) => number,
  ): Finding {
    const line = fitLine(
      readings.map(({ atMs, reading }) => [atMs / HOUR_MS, figure(reading) / MIB] as const),
    );
    const hours = ((readings.at(-1)?.atMs ?? 0) - (readings[0]?.atMs ?? 0)) / HOUR_MS;
    const interval = `${line.low.toFixed(1)} to ${line.high.toFixed(1)}`;
    const measured = `${line.mean.toFixed(1)} MiB, ${line.slope.toFixed(1)} MiB/h (95 %: ${interval})`;
    const isFlat = line.low <= 0 || line.low * hours <= line.mean * NOISE_SHARE;
    const bound = `95 % reaches ${((line.mean * NOISE_SHARE) / hours).toFixed(1)} MiB/h or less`;
    return { ...noted('21', what, measured), bound, holds: isFlat };
  }
}
