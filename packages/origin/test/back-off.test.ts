import { HttpHeaders } from '@sluice/codec-http';
import { VirtualClock } from '@sluice/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backOffMs, retryAfterMs } from '../src/retry/back-off.ts';
import { DEFAULT_RETRY } from '../src/proxy/upstream-policy.ts';

const POLICY = { ...DEFAULT_RETRY, backOffBaseMs: 25, backOffMaxMs: 250 };

describe('backOffMs', () => {
  it.each([
    [1, 25],
    [2, 50],
    [3, 100],
    [4, 200],
    [5, 250],
    [9, 250],
  ])('before repetition %i is anything up to %i ms', (retry, bound) => {
    expect(backOffMs(POLICY, retry, () => 0)).toBe(0);
    expect(backOffMs(POLICY, retry, () => 0.5)).toBe(bound / 2);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (random) => {
        expect(backOffMs(POLICY, retry, () => random)).toBeLessThan(bound);
      }),
    );
  });

  it('is nothing without a base', () => {
    expect(backOffMs(DEFAULT_RETRY, 3, () => 0.9)).toBe(0);
  });
});

describe('retryAfterMs', () => {
  it.each([
    ['3', 3000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:05 GMT', 4000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['soon', undefined],
    ['-1', undefined],
    ['99999999999999', undefined],
  ])('%s is %s', (value, expected) => {
    const clock = new VirtualClock();
    clock.advance(1000);

    expect(retryAfterMs(HttpHeaders.of([['retry-after', value]]), clock)).toBe(expected);
  });

  it('is undefined without the field', () => {
    expect(retryAfterMs(new HttpHeaders(), new VirtualClock())).toBeUndefined();
  });
});
