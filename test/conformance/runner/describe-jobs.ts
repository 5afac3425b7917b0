import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadKnownGaps } from '../case/known-gaps.ts';
import type { ProxyUnderTest } from '../proxy/proxy-under-test.ts';
import { FEEDINGS, type Feeding } from '../wire/feeding.ts';
import { byCategory } from './categories.ts';
import { byOptions, type Job } from './job.ts';
import { LanePool } from './lane-pool.ts';
import { REQUIRED_SHARE, Scoreboard } from './scoreboard.ts';

/** Only a gateway that fails most cases comes near it. */
const CATEGORY_TIMEOUT_MS = 120_000;

export interface JobsOptions {
  readonly proxy: ProxyUnderTest;
  /** How many of them serve a case each at a time. */
  readonly lanes: number;
  /** All by default. */
  readonly feedings?: readonly Feeding[];
}

/** Declares the tests that run jobs, each in those of the feedings that it has. */
export function describeJobs(jobs: readonly Job[], options: JobsOptions): void {
  const { proxy, lanes, feedings = FEEDINGS } = options;
  const scoreboard = new Scoreboard(loadKnownGaps());
  describe.each(byOptions(jobs))('with %o', (needed, group) => {
    let pool: LanePool;

    beforeAll(async () => {
      pool = await LanePool.open(proxy, Math.min(lanes, group.length), needed);
    }, CATEGORY_TIMEOUT_MS);
    afterAll(() => pool?.close());

    const fed = feedings.filter((feeding) => group.some((job) => job.feedings.includes(feeding)));
    describe.each(fed)('fed %s', (feeding) => {
      it.each(byCategory(group))('%s', { timeout: CATEGORY_TIMEOUT_MS }, async (_, category) => {
        const outcomes = await pool.map(category, (lane, job) => job.run(lane, feeding));

        expect(scoreboard.add(outcomes)).toEqual([]);
      });
    });
  });

  describe('all cases', () => {
    it('were run', () => {
      expect(scoreboard.total).toBe(jobs.length);
    });

    it(`hold for ${REQUIRED_SHARE * 100} % of them`, () => {
      expect(scoreboard.share).toBeGreaterThanOrEqual(REQUIRED_SHARE);
    });

    it('leave no closed gap on the list', () => {
      expect(scoreboard.closedGaps()).toEqual([]);
    });
  });
}
