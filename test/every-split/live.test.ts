import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadRequestCases } from '../conformance/case/case-files.ts';
import type { RequestCase } from '../conformance/case/request-case.ts';
import { sluiceGateway } from '../conformance/proxy/sluice-gateway.ts';
import { LanePool } from '../conformance/runner/lane-pool.ts';
import { tryRequest } from '../conformance/runner/outcome.ts';
import { isForwarded } from './split-requests.ts';

const TIMEOUT_MS = 120_000;
const isLong = process.env['SLUICE_EVERY_SPLIT'] === 'all';

/** One of every so many cases, and so many places in each, unless all are asked for. */
const CASE_STEP = isLong ? 1 : 12;
const PLACES = isLong ? Infinity : 6;

const cases = loadRequestCases()
  .filter((testCase) => isForwarded(testCase) && testCase.raw.length < 1_000)
  .filter((_case, at) => at % CASE_STEP === 0)
  .flatMap((testCase) => {
    const { raw } = testCase;
    const step = Math.max(1, Math.floor(raw.length / PLACES));
    const places = Array.from({ length: raw.length - 1 }, (_, at) => at + 1).filter((at) => at % step === 0);
    return places.map((at) => cutAt(testCase, at));
  });
let lanes: LanePool;

beforeAll(async () => {
  lanes = await LanePool.open(sluiceGateway, 4);
}, TIMEOUT_MS);
afterAll(() => lanes?.close());

it(
  'a sample of the cases holds over sockets when it is cut in two',
  { timeout: isLong ? 3_600_000 : TIMEOUT_MS },
  async () => {
    const outcomes = await lanes.map(cases, (lane, testCase) => tryRequest(lane, testCase, 'whole'));
    const failed = outcomes.filter(({ failures }) => failures.length > 0);

    expect(outcomes.length).toBeGreaterThan(50);
    expect(failed.map(({ id, failures }) => `${id}: ${failures.join('; ')}`)).toEqual([]);
  },
);

function cutAt(testCase: RequestCase, at: number): RequestCase {
  return { ...testCase, chunks: [testCase.raw.slice(0, at), testCase.raw.slice(at)] };
}
