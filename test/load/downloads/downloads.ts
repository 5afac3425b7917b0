import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { treeUsage } from '../../support/process/process-tree.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import { download } from './download-client.ts';

export type DownloadSettings = {
  clients: number;
  /** Length of each download. */
  bytes: number;
  /** Small requests a second beside them. */
  ratePerSecond: number;
  /** How long those are measured alone. */
  baseMs: number;
  isTimed: boolean;
};

export const DOWNLOADS_LONG: DownloadSettings = {
  clients: 8,
  bytes: 2 ** 30,
  ratePerSecond: 1_000,
  baseMs: 15_000,
  isTimed: true,
};
export const DOWNLOADS_SHORT: DownloadSettings = {
  clients: 8,
  bytes: 2 ** 24,
  ratePerSecond: 100,
  baseMs: 500,
  isTimed: false,
};

const MIB = 1_048_576;
const TIMES_BASE = 2;
/** Beyond it, the machine is busy with other work, and bounds on times say nothing of the gateway. */
const MOST_ALONE_MS = 50;
const SAMPLE_MS = 500;
/** Buffers that wait to be collected, mostly: far less than the bytes that go through. */
const MOST_ADDED_MIB = 128;

/** That downloads as fast as they go cost small requests little, and the gateway no memory. */
export async function downloads(bench: LoadBench, settings: DownloadSettings): Promise<Finding[]> {
  const { clients, bytes, ratePerSecond, baseMs, isTimed } = settings;
  const origin = await bench.startOrigin();
  const { gateway, plain } = await startListeners(bench, { name: 'downloads', originPort: origin.port });
  const normal = await bench.startNormalTraffic();
  await normal.start(plain, ratePerSecond);
  await delay(baseMs);
  await normal.stop();
  const base = await memoryAtRest(gateway, origin);
  await normal.start(plain, ratePerSecond);
  await delay(baseMs);
  const alone = await normal.take();
  bench.progress(`downloads: alone, p99 ${alone.p99Ms.toFixed(2)} ms`);
  const startedAtMs = performance.now();
  const downloading = Array.from({ length: clients }, () => download(plain, bytes));
  // Without a collection, which would stop the gateway.
  const rssMib = (): number => treeUsage(gateway.pid).rssBytes / MIB;
  const rssBeforeMib = rssMib();
  let mostRssMib = 0;
  const sampling = setInterval(() => (mostRssMib = Math.max(mostRssMib, rssMib())), SAMPLE_MS);
  const received = await Promise.all(downloading);
  clearInterval(sampling);
  const seconds = (performance.now() - startedAtMs) / 1000;
  const beside = await normal.stop();
  const after = await memoryAtRest(gateway, origin);
  const whole = received.filter((count) => count === bytes).length;
  const gibPerSecond = (clients * bytes) / 2 ** 30 / seconds;
  return [
    exactly('14', `downloads of ${bytes / MIB} MiB that came whole`, whole, clients),
    noted('14', 'together', `${seconds.toFixed(1)} s, ${gibPerSecond.toFixed(2)} GiB/s`),
    noted('14', 'small requests beside them', String(beside.answered)),
    exactly(
      '14',
      'small requests that failed',
      alone.firstFailure ?? beside.firstFailure ?? alone.failed + beside.failed,
      0,
    ),
    atMost('14', 'RSS that they add', Math.max(0, mostRssMib - rssBeforeMib), MOST_ADDED_MIB, 'MiB'),
    noted(
      '14',
      'p50 of small requests',
      `${alone.p50Ms.toFixed(2)} ms alone, ${beside.p50Ms.toFixed(2)} ms beside`,
    ),
    noted(
      '14',
      'p99 of small requests',
      `${alone.p99Ms.toFixed(2)} ms alone, ${beside.p99Ms.toFixed(2)} ms beside`,
    ),
    ...(isTimed
      ? [
          atMost(
            '14',
            'p99 alone, or the machine is too busy to measure times',
            alone.p99Ms,
            MOST_ALONE_MS,
            'ms',
          ),
          atMost('14', 'times as long', beside.p99Ms / alone.p99Ms, TIMES_BASE),
        ]
      : []),
    ...leftOver('downloads', base, after),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway),
  ];
}
