import type { Measurement } from './load/protocol.ts';

/** Middle of the finite values; the mean of the two middle ones of an even number; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** CPU time that one request cost, in microseconds; NaN when none was completed. */
export function cpuPerRequest({ cpuMicros, requests }: Measurement): number {
  return requests === 0 ? Number.NaN : cpuMicros / requests;
}

/** One row of a table: medians over the rounds, but the errors of all of them. */
export type Summary = {
  peer: string;
  cpuMicrosPerRequest: number;
  /** Median of the ratios of each round; NaN without a yardstick. */
  timesYardstick: number;
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
  p999Ms: number;
  maxMs: number;
  rssMiB: number;
  errors: number;
};

/**
 * Sums up the rounds of one peer. The ratio is taken within each round first, between two measurements that were made
 * one after the other, so that a machine that is slower in one round does not bend it.
 */
export function summarise(
  peer: string,
  rounds: readonly Measurement[],
  yardstick: readonly Measurement[] = [],
): Summary {
  const middle = (value: (round: Measurement) => number): number =>
    median(rounds.map((round) => value(round)));
  const ratios = rounds.map((round, index) => {
    const beside = yardstick[index];
    return beside ? cpuPerRequest(round) / cpuPerRequest(beside) : Number.NaN;
  });
  return {
    peer,
    cpuMicrosPerRequest: middle(cpuPerRequest),
    timesYardstick: median(ratios),
    requestsPerSecond: middle(({ requests, seconds }) => requests / seconds),
    p50Ms: middle(({ p50Micros }) => p50Micros / 1000),
    p99Ms: middle(({ p99Micros }) => p99Micros / 1000),
    p999Ms: middle(({ p999Micros }) => p999Micros / 1000),
    maxMs: middle(({ maxMicros }) => maxMicros / 1000),
    rssMiB: middle(({ rssBytes }) => rssBytes / 1_048_576),
    errors: rounds.reduce((total, { errors }) => total + errors, 0),
  };
}

/** Orders rows by CPU time per request; those without one come last. */
export function byCpu(rows: readonly Summary[]): Summary[] {
  const key = ({ cpuMicrosPerRequest }: Summary): number =>
    Number.isNaN(cpuMicrosPerRequest) ? Number.POSITIVE_INFINITY : cpuMicrosPerRequest;
  return rows.toSorted((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}
