import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadRequestCases } from './case/case-files.ts';
import { loadKnownGaps } from './case/known-gaps.ts';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { byCategory } from './runner/categories.ts';
import { LanePool } from './runner/lane-pool.ts';
import { tryRequest } from './runner/outcome.ts';
import { REQUIRED_SHARE, Scoreboard } from './runner/scoreboard.ts';
import { FEEDINGS } from './wire/feeding.ts';

const LANES = 4;
/** Only a gateway that fails most cases comes near it. */
const CATEGORY_TIMEOUT_MS = 120_000;

const cases = loadRequestCases();
const scoreboard = new Scoreboard(loadKnownGaps());
let lanes: LanePool;

beforeAll(async () => {
  lanes = await LanePool.open(sluiceGateway, LANES);
}, CATEGORY_TIMEOUT_MS);
afterAll(() => lanes?.close());

describe.each(FEEDINGS)('requests fed %s', (feeding) => {
  it.each(byCategory(cases))('%s', { timeout: CATEGORY_TIMEOUT_MS }, async (_, group) => {
    const outcomes = await lanes.map(group, (lane, testCase) => tryRequest(lane, testCase, feeding));

    expect(scoreboard.add(outcomes)).toEqual([]);
  });
});

describe('all requests', () => {
  it('were run', () => {
    expect(scoreboard.total).toBe(cases.length);
  });

  it(`hold for ${REQUIRED_SHARE * 100} % of the cases`, () => {
    expect(scoreboard.share).toBeGreaterThanOrEqual(REQUIRED_SHARE);
  });

  it('leave no closed gap on the list', () => {
    expect(scoreboard.closedGaps()).toEqual([]);
  });
});
