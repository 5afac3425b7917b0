import { describe, expect, it } from 'vitest';
import { fitLine, studentT } from './regression.ts';

describe('fitLine', () => {
  it('finds the slope of points on a line, without a doubt', () => {
    const line = fitLine([0, 1, 2, 3].map((x) => [x, 5 + 2 * x] as const));

    expect(line).toEqual({ slope: 2, low: 2, high: 2, mean: 8 });
  });

  it('gives the interval that a textbook gives', () => {
    const line = fitLine([
      [1, 2],
      [2, 1],
      [3, 4],
      [4, 3],
      [5, 5],
    ]);

    expect(line.slope).toBeCloseTo(0.8, 10);
    expect(line.high - line.slope).toBeCloseTo(1.1026, 2);
  });

  it('has no interval for two points', () => {
    const line = fitLine([
      [0, 0],
      [1, 3],
    ]);

    expect(line.slope).toBe(3);
    expect(line.low).toBeNaN();
  });
});

describe('studentT', () => {
  it.each([
    [1, 12.706],
    [2, 4.303],
    [3, 3.182],
    [4, 2.776],
    [10, 2.228],
    [30, 2.042],
    [1000, 1.962],
  ])('with %i degrees of freedom is %d', (degrees, quantile) => {
    expect(studentT(degrees) / quantile).toBeCloseTo(1, 2);
  });
});
