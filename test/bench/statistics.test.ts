import { describe, expect, it } from 'vitest';
import { Histogram } from '../support/measure/histogram.ts';
import type { Measurement } from './load/protocol.ts';
import { rotate } from './rounds.ts';
import { byCpu, median, summarise } from './statistics.ts';

describe('Histogram', () => {
  it('gives the percentiles of small values exactly', () => {
    const histogram = new Histogram();
    for (let micros = 1; micros <= 100; micros += 1) histogram.record(micros);

    expect(histogram.count).toBe(100);
    expect([0, 1, 50, 99, 100].map((percent) => histogram.percentile(percent))).toEqual([1, 1, 50, 99, 100]);
  });

  it.each([0, 127, 128, 1_000, 65_535, 65_536, 2_500_000, 134_217_727])(
    'gives %i back within 1.6 %% and never below it',
    (micros) => {
      const histogram = new Histogram();
      histogram.record(micros);

      const found = histogram.percentile(50);
      expect(found).toBeGreaterThanOrEqual(micros);
      expect(found).toBeLessThanOrEqual(micros * (1 + 1 / 64));
    },
  );

  it('counts what is beyond its range as its largest value', () => {
    const histogram = new Histogram();
    histogram.record(1e12);

    expect(histogram.percentile(99)).toBe(134_217_727);
  });

  it('has no percentile when it is empty', () => {
    expect(new Histogram().percentile(50)).toBeNaN();
  });
});

describe('median', () => {
  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
    [[Number.NaN, 5, 1, Number.POSITIVE_INFINITY], 3],
    [[], Number.NaN],
  ])('of %j is %d', (values, expected) => {
    expect(median(values)).toBe(expected);
  });
});

describe('summarise', () => {
  it('takes the ratio within each round before the median over the rounds', () => {
    const rounds = [measured({ cpuMicros: 400 }), measured({ cpuMicros: 900 }), measured({ cpuMicros: 600 })];
    const yardstick = [
      measured({ cpuMicros: 100 }),
      measured({ cpuMicros: 300 }),
      measured({ cpuMicros: 300 }),
    ];

    const summary = summarise('one', rounds, yardstick);

    expect(summary.cpuMicrosPerRequest).toBe(60);
    expect(summary.timesYardstick).toBe(3);
  });

  it('adds the errors of all rounds and takes the median of everything else', () => {
    const rounds = [
      measured({ errors: 2, p99Micros: 3_000, rssBytes: 1_048_576 }),
      measured({ errors: 1, p99Micros: 1_000, rssBytes: 3_145_728 }),
    ];

    expect(summarise('one', rounds)).toEqual({
      peer: 'one',
      cpuMicrosPerRequest: 10,
      timesYardstick: Number.NaN,
      requestsPerSecond: 5,
      p50Ms: 1,
      p99Ms: 2,
      p999Ms: 3,
      maxMs: 9,
      rssMiB: 2,
      errors: 3,
    });
  });

  it('puts a peer that completed nothing at the end of the table', () => {
    const rows = [
      summarise('silent', [measured({ requests: 0 })]),
      summarise('dear', [measured({ cpuMicros: 900 })]),
      summarise('cheap', [measured({ cpuMicros: 100 })]),
    ];

    expect(byCpu(rows).map(({ peer }) => peer)).toEqual(['cheap', 'dear', 'silent']);
  });
});

describe('rotate', () => {
  it('lets each item come first in turn', () => {
    const orders = [0, 1, 2, 3].map((count) => rotate(['a', 'b', 'c'], count).join(''));

    expect(orders).toEqual(['abc', 'bca', 'cab', 'abc']);
    expect(rotate([], 3)).toEqual([]);
  });
});

function measured(differences: Partial<Measurement>): Measurement {
  return {
    requests: 10,
    errors: 0,
    seconds: 2,
    cpuMicros: 100,
    rssBytes: 0,
    p50Micros: 1_000,
    p99Micros: 2_000,
    p999Micros: 3_000,
    maxMicros: 9_000,
    ...differences,
  };
}
