import { VirtualClock } from '@sluice/core';
import { Passport } from '@sluice/passport';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PassportHistory } from '@sluice/admin';
import type { PassportRecord } from '@sluice/admin';

const passport = new Passport(new VirtualClock());

describe('PassportHistory', () => {
  it('keeps the latest of a number, the latest first', () => {
    const history = new PassportHistory({ recentCount: 3 });
    const sizes = [1, 2, 3, 4, 5].map((durationMs) => {
      history.add(record(durationMs), 0);
      return durations(history.recent());
    });

    expect(sizes).toEqual([[1], [2, 1], [3, 2, 1], [4, 3, 2], [5, 4, 3]]);
  });

  it('keeps the slowest of a number, and of two alike the earlier first', () => {
    const history = new PassportHistory({ slowestCount: 3 });
    for (const [at, durationMs] of [5, 1, 9, 5, 7, 2].entries()) history.add(record(durationMs, `/${at}`), 0);

    expect(history.slowest(0).map(({ path }) => path)).toEqual(['/2', '/4', '/0']);
  });

  it('forgets among the slowest what is older than its window, also to make room', () => {
    const history = new PassportHistory({ slowestCount: 2, slowestWindowMs: 1000 });
    history.add(record(100), 0);
    history.add(record(90), 500);
    history.add(record(1), 999);
    const full = durations(history.slowest(999));
    history.add(record(2), 1000);

    expect(full).toEqual([100, 90]);
    expect(durations(history.slowest(1000))).toEqual([90, 2]);
    expect(durations(history.slowest(1500))).toEqual([2]);
    expect(durations(history.slowest(9999))).toEqual([]);
    expect(durations(history.recent())).toEqual([2, 1, 90, 100]);
  });

  it('has what a sorted list of all would have', () => {
    const requests = fc.array(fc.record({ durationMs: fc.nat(50), after: fc.nat(300) }), { maxLength: 60 });
    fc.assert(
      fc.property(requests, (added) => {
        const history = new PassportHistory({ slowestCount: 4, recentCount: 7, slowestWindowMs: 1000 });
        const all: { durationMs: number; endedAt: number }[] = [];
        let now = 0;
        for (const { durationMs, after } of added) {
          now += after;
          history.add(record(durationMs), now);
          all.push({ durationMs, endedAt: now });
        }

        const recent = all.slice(-7).toReversed();
        expect(durations(history.recent())).toEqual(recent.map(({ durationMs }) => durationMs));
        // The slowest at the end of all is kept, unless four that were slower stood before it, and have gone.
        const fresh = all.filter(({ endedAt }) => now - endedAt < 1000).map(({ durationMs }) => durationMs);
        const slowest = durations(history.slowest(now));
        expect(slowest).toEqual(slowest.toSorted((a, b) => b - a));
        expect(slowest.length).toBeLessThanOrEqual(4);
        if (fresh.length > 0) expect(fresh).toEqual(expect.arrayContaining(slowest));
        if (now < 1000) expect(slowest).toEqual(fresh.toSorted((a, b) => b - a).slice(0, 4));
      }),
    );
  });

  it.each([{ recentCount: 0 }, { slowestCount: 1.5 }, { slowestWindowMs: Number.NaN }])(
    'refuses %j',
    (options) => {
      expect(() => new PassportHistory(options)).toThrow(/: expected a whole number from 1, found /);
    },
  );
});

function record(durationMs: number, path = '/'): PassportRecord {
  return {
    passport,
    startNs: 0,
    endNs: durationMs * 1e6,
    durationMs,
    method: 'GET',
    path,
    status: 200,
    reason: 'SESSION_COMPLETE',
    requestId: undefined,
    route: undefined,
    origin: undefined,
    upstreamHost: undefined,
    upstreamAttempts: undefined,
    responseFlags: undefined,
  };
}

function durations(records: readonly PassportRecord[]): number[] {
  return records.map(({ durationMs }) => durationMs);
}
