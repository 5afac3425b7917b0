import { expect, it } from 'vitest';
import { defaultWorkerCount, workerShare } from '../src/index.ts';

it.each([
  ['max 100000\n', 8],
  ['200000 100000\n', 2],
  ['150000 100000\n', 2],
  ['50000 100000\n', 1],
  ['1600000 100000\n', 8],
  ['', 8],
  [undefined, 8],
])('counts 8 cores with the CPU limit %j as %d', (cpuMax, workers) => {
  expect(defaultWorkerCount(8, cpuMax ?? '')).toBe(workers);
});

it.each([
  [20_000, 2, 10_000],
  [10, 4, 3],
  [1, 4, 1],
  [0, 4, 0],
  [-1, 4, -1],
])('shares a limit of %d among %d workers as %d each', (limit, workers, share) => {
  expect(workerShare(limit, workers)).toBe(share);
});
