const SUB_BUCKET_BITS = 6;
const SUB_BUCKETS = 2 ** SUB_BUCKET_BITS;
const MAX_VALUE = 2 ** 27 - 1;

/**
 * Keeps latencies in microseconds in constant space and time. Values below 128 µs are exact, larger ones within 1.6 %
 * (64 buckets for each power of two); what exceeds 134 s counts as 134 s.
 */
export class Histogram {
  readonly #counts = new Uint32Array(bucketOf(MAX_VALUE) + 1);
  #total = 0;

  /** How many values were recorded. */
  get count(): number {
    return this.#total;
  }

  record(micros: number): void {
    const bucket = bucketOf(Math.min(Math.max(Math.round(micros), 0), MAX_VALUE));
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#total += 1;
  }

  /** Smallest value, in microseconds, that at least `percent` of the recorded ones do not exceed; NaN when empty. */
  percentile(percent: number): number {
    if (this.#total === 0) return Number.NaN;
    const rank = Math.max(1, Math.ceil((percent / 100) * this.#total));
    let seen = 0;
    const bucket = this.#counts.findIndex((count) => {
      seen += count;
      return seen >= rank;
    });
    return highestValueOf(bucket);
  }
}

function bucketOf(value: number): number {
  const shift = Math.max(0, 31 - Math.clz32(value) - SUB_BUCKET_BITS);
  return shift * SUB_BUCKETS + (value >>> shift);
}

function highestValueOf(bucket: number): number {
  const shift = Math.max(0, Math.floor(bucket / SUB_BUCKETS) - 1);
  const leading = bucket - shift * SUB_BUCKETS;
  return (leading + 1) * 2 ** shift - 1;
}
