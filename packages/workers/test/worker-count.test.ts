import { expect, it } from 'vitest';
import { defaultWorkerCount } from '../src/index.ts';

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
