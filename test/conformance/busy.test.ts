import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { LoadBench } from '../load/load-bench.ts';
import { ProcessSet } from '../support/process/process-set.ts';
import { BusyGateways } from './proxy/busy-gateways.ts';
import { describeJobs } from './runner/describe-jobs.ts';
import { allJobs } from './runner/job.ts';

const LANES = 2;
/** Answers that take a while leave the machine to the other tests; the long form has answers at once. */
const BUSYNESS = { connections: 200, answerDelayMs: 50 };

const processes = new ProcessSet();
const directory = mkdtempSync(join(tmpdir(), 'sluice-busy-'));
const gateways = new BusyGateways(new LoadBench(processes, directory), BUSYNESS);

afterAll(async () => {
  await processes.close();
  rmSync(directory, { recursive: true });
});

describe(`beside ${BUSYNESS.connections} busy connections`, () => {
  // Bytes that come one by one take a turn of a busy event loop each.
  describeJobs(allJobs(), { proxy: gateways, lanes: LANES, feedings: ['whole'] });

  it('each of these gets its own answers', () => {
    expect(gateways.counts.failures).toEqual([]);
    expect(gateways.counts.answered).toBeGreaterThan(BUSYNESS.connections * LANES);
  });
});
