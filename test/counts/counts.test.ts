import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import { requireFreshBuild } from '../support/fresh-build.ts';
import { ProcessSet } from '../support/process/process-set.ts';
import type { Counts } from './counted-gateway.ts';
import { CountedGateway } from './counted-gateway.ts';
import { RepeatedRequest } from './repeated-request.ts';
import { smallOrigin } from './small-origin.ts';

// Until everything on the way is compiled for good.
const WARM_UP = 6000;
const REQUESTS = 4000;
// What was measured (8840, the same to a byte or two in each run), and a little. Lower it when it has fallen.
const MAX_BYTES = 8_990;

/** What one small GET over a kept connection costs the reference gateway, with its full list. */
describe.runIf(process.platform === 'linux')('a small GET', { timeout: 120_000 }, () => {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-counts-'));
  let perRequest: Counts;

  beforeAll(async () => {
    requireFreshBuild();
    const { server, port } = await smallOrigin();
    const gateway = await CountedGateway.start(processes, port, join(directory, 'gateway.log'));
    const client = await RepeatedRequest.open(gateway.port);
    await client.send(WARM_UP);
    const before = await gateway.counts();
    await client.send(REQUESTS);
    const after = await gateway.counts();
    perRequest = difference(before, after);
    client.close();
    server.close();
  }, 120_000);

  afterAll(async () => {
    await processes.close();
    rmSync(directory, { recursive: true });
  });

  it('is written to the origin in one piece, and answered in one', () => {
    expect(perRequest.socketWrites).toBe(2);
  });

  it('makes no timer', () => {
    // The deadlines of the connection are armed anew once in their time.
    expect(perRequest.timers).toBeLessThan(0.01);
  });

  it(`allocates ${MAX_BYTES} bytes at most`, () => {
    expect(perRequest.collections).toBe(0);
    expect(perRequest.heapBytes).toBeLessThan(MAX_BYTES);
  });
});

function difference(before: Counts, after: Counts): Counts {
  const per = (count: (counts: Counts) => number): number => (count(after) - count(before)) / REQUESTS;
  return {
    socketWrites: per(({ socketWrites }) => socketWrites),
    timers: per(({ timers }) => timers),
    collections: per(({ collections }) => collections),
    heapBytes: per(({ heapBytes }) => heapBytes),
  };
}
