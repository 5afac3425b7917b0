import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoadBench } from '../load/load-bench.ts';
import { ProcessSet } from '../support/process/process-set.ts';
import { loadRequestCases, loadResponseCases } from './case/case-files.ts';
import { loadKnownGaps } from './case/known-gaps.ts';
import { BusyGateways } from './proxy/busy-gateways.ts';
import { byCategory } from './runner/categories.ts';
import { LanePool } from './runner/lane-pool.ts';
import { needsShortTimeout } from './runner/origin-script.ts';
import { tryRequest, tryResponse } from './runner/outcome.ts';
import { Scoreboard } from './runner/scoreboard.ts';

/** Answers that take a while leave the machine to the other tests; the long form has answers at once. */
const BUSYNESS = { connections: 200, answerDelayMs: 50 };
const LANES = 2;
const CATEGORY_TIMEOUT_MS = 120_000;

const processes = new ProcessSet();
const directory = mkdtempSync(join(tmpdir(), 'sluice-busy-'));
const gateways = new BusyGateways(new LoadBench(processes, directory), BUSYNESS);
const scoreboard = new Scoreboard(loadKnownGaps());
// A case whose origin stalls needs a timeout that busy neighbours must not come near.
const responseCases = loadResponseCases().filter((one) => !needsShortTimeout(one));
let lanes: LanePool;

beforeAll(async () => {
  lanes = await LanePool.open(gateways, LANES);
}, CATEGORY_TIMEOUT_MS);
afterAll(async () => {
  await lanes?.close();
  await processes.close();
  rmSync(directory, { recursive: true });
});

/** Whole alone: bytes that come one by one take a turn of a busy event loop each. */
describe(`beside ${BUSYNESS.connections} busy connections`, () => {
  it.each(byCategory(loadRequestCases()))(
    'requests: %s',
    { timeout: CATEGORY_TIMEOUT_MS },
    async (_, group) => {
      const outcomes = await lanes.map(group, (lane, one) => tryRequest(lane, one, 'whole'));

      expect(scoreboard.add(outcomes)).toEqual([]);
    },
  );

  it.each(byCategory(responseCases))('responses: %s', { timeout: CATEGORY_TIMEOUT_MS }, async (_, group) => {
    const outcomes = await lanes.map(group, (lane, one) => tryResponse(lane, one, 'whole'));

    expect(scoreboard.add(outcomes)).toEqual([]);
  });

  it('each of these gets its own answer', async () => {
    await lanes.close();

    expect(gateways.counts.failures).toEqual([]);
    expect(gateways.counts.answered).toBeGreaterThan(BUSYNESS.connections * LANES);
  });
});
