import { shareOf } from '@sluice/inject';
import fc from 'fast-check';
import { expect, it } from 'vitest';

it.each([
  [1024, 4, [256, 256, 256, 256]],
  [10, 4, [3, 3, 2, 2]],
  [2, 4, [1, 1, 1, 1]],
  [0, 2, [0, 0]],
  [Infinity, 2, [Infinity, Infinity]],
])('shares %d out among %d processes', (limit, workers, shares) => {
  const places = shares.map((_, at) => ({ worker: at + 1, workers }));

  expect(places.map((place) => shareOf(limit, place))).toEqual(shares);
});

it('gives parts that add up to the limit, wherever each can have one', () => {
  const limits = fc.integer({ min: 1, max: 100_000 });
  fc.assert(
    fc.property(limits, fc.integer({ min: 1, max: 128 }), (limit, workers) => {
      const places = Array.from({ length: workers }, (_, at) => ({ worker: at + 1, workers }));
      const sum = places.reduce((total, place) => total + shareOf(limit, place), 0);
      expect(sum).toBe(Math.max(limit, workers));
    }),
  );
});
