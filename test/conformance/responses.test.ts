import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadResponseCases } from './case/case-files.ts';
import { loadKnownGaps } from './case/known-gaps.ts';
import { sluiceGateway } from './proxy/sluice-gateway.ts';
import { byCategory } from './runner/categories.ts';
import { LanePool } from './runner/lane-pool.ts';
import { needsShortTimeout, SHORT_UPSTREAM_IDLE_TIMEOUT_MS } from './runner/origin-script.ts';
import { tryResponse } from './runner/outcome.ts';
import { REQUIRED_SHARE, Scoreboard } from './runner/scoreboard.ts';
import { RESPONSE_FEEDINGS } from './wire/feeding.ts';

const LANES = 3;
/** Only a gateway that fails most cases comes near it. */
const CATEGORY_TIMEOUT_MS = 120_000;

const cases = loadResponseCases();
const scoreboard = new Scoreboard(loadKnownGaps());
let lanes: LanePool;
let impatientLanes: LanePool;

beforeAll(async () => {
  lanes = await LanePool.open(sluiceGateway, LANES);
  const options = { upstreamIdleTimeoutMs: SHORT_UPSTREAM_IDLE_TIMEOUT_MS };
  impatientLanes = await LanePool.open(sluiceGateway, 1, options);
}, CATEGORY_TIMEOUT_MS);
afterAll(async () => {
  await lanes?.close();
  await impatientLanes?.close();
});

describe.each(RESPONSE_FEEDINGS)('responses fed %s', (feeding) => {
  it.each(byCategory(cases))('%s', { timeout: CATEGORY_TIMEOUT_MS }, async (_, group) => {
    const isSlow = group.some(needsShortTimeout);
    const pool = isSlow ? impatientLanes : lanes;
    const outcomes = await pool.map(group, (lane, testCase) => tryResponse(lane, testCase, feeding));

    expect(scoreboard.add(outcomes)).toEqual([]);
  });
});

describe('all responses', () => {
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
