import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProcessSet } from '../support/process/process-set.ts';
import type { Counts } from './counted-gateway.ts';
import { countsPerRequest, type CountedRequest } from './counts-per-request.ts';
import { onNewConnections } from './repeated-request.ts';

// What was measured, and a little. Lower it when it has fallen: 7,437 to 7,485, also beside other work, …
const MAX_BYTES = 7_700;
// … 160 to 210 for all twenty, …
const MAX_BYTES_OF_20_FILTERS = 300;
// … 1,690 to 1,700, a third of it the filter's own.
const MAX_BYTES_OF_ASYNC_FILTER = 1_800;
// … and of a connection that is over 60 to 290; with a Set of open connections, whose old tables keep the new ones, 4,500.
const MAX_OLD_BYTES_OF_CONNECTION = 1_000;

const TWENTY = Array.from({ length: 20 }, (_, at) => `pass-${at + 1}`);
const MEBIBYTE = 1_048_576;

// What V8 allocates and promotes is the same on every machine, not in every version.
const IS_COUNTED = process.platform === 'linux' && process.versions.node.startsWith('20.');

/** What one request costs the reference gateway, with its full list. */
describe.runIf(IS_COUNTED)('a request', { timeout: 120_000 }, () => {
  const processes = new ProcessSet();
  const directory = mkdtempSync(join(tmpdir(), 'sluice-counts-'));
  const countsOf = (request: CountedRequest): Promise<Counts> =>
    countsPerRequest(processes, directory, request);

  afterAll(async () => {
    await processes.close();
    rmSync(directory, { recursive: true });
  });

  describe('that is a small GET in quick mode', () => {
    let small: Counts;

    beforeAll(async () => {
      small = await countsOf({});
    }, 120_000);

    it('is written to the origin in one piece, and answered in one', () => {
      expect(small.socketWrites).toBe(2);
    });

    it('makes no timer', () => {
      // The deadlines of the connection are armed anew once in their time.
      expect(small.timers).toBeLessThan(0.01);
    });

    it(`allocates ${MAX_BYTES} bytes at most`, () => {
      expect(small.collections).toBe(0);
      expect(small.heapBytes).toBeLessThan(MAX_BYTES);
    });
  });

  it('on a connection of its own is written in two pieces, and makes three timers', async () => {
    const { socketWrites, timers } = await countsOf({ ask: onNewConnections });

    expect(socketWrites).toBe(2);
    // The head that has to come, the connection that may be idle, and its end that the client has to see.
    expect(timers).toBeLessThan(3.01);
  });

  it('on a connection of its own, as many others, leaves nothing behind that only a collection of the whole heap would free', async () => {
    const { collections, oldBytes } = await countsOf({
      ask: (port) => onNewConnections(port, 64),
      newSpaceMiB: 8,
    });

    expect(collections).toBeGreaterThan(0);
    expect(oldBytes).toBeLessThan(MAX_OLD_BYTES_OF_CONNECTION);
  });

  it('with an answer of 1 MiB is written in large pieces, and makes no timer for them', async () => {
    const { socketWrites, timers } = await countsOf({ bodyBytes: MEBIBYTE, requests: 200 });

    expect(socketWrites).toBeLessThan(20);
    expect(timers).toBeLessThan(0.1);
  });

  describe('through filters', () => {
    let none: Counts;

    beforeAll(async () => {
      none = await countsOf({ filters: [] });
    }, 120_000);

    it(`allocates ${MAX_BYTES_OF_20_FILTERS} bytes more for 20 that let it pass, and is written as without`, async () => {
      const { socketWrites, timers, heapBytes } = await countsOf({ filters: TWENTY });

      expect(socketWrites).toBe(2);
      expect(timers).toBeLessThan(0.01);
      expect(heapBytes - none.heapBytes).toBeLessThan(MAX_BYTES_OF_20_FILTERS);
    });

    it(`allocates ${MAX_BYTES_OF_ASYNC_FILTER} bytes more for one that waits for a promise, and makes no timer`, async () => {
      const { socketWrites, timers, heapBytes } = await countsOf({ filters: ['waiting'] });

      expect(socketWrites).toBe(2);
      expect(timers).toBeLessThan(0.01);
      expect(heapBytes - none.heapBytes).toBeLessThan(MAX_BYTES_OF_ASYNC_FILTER);
    });
  });
});
