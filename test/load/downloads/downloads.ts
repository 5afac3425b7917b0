import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { treeUsage } from '../../support/process/process-tree.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import type { LoopDelay } from '../gateway/memory-reading.ts';
import { mixedLoad, type Mixed, type MixedLoad, type Way } from './mixed-load.ts';
import { nginxWay } from './nginx-way.ts';

export type DownloadSettings = MixedLoad & { isTimed: boolean };

export const DOWNLOADS_LONG: DownloadSettings = {
  clients: 8,
  bytes: 2 ** 30,
  ratePerSecond: 1_000,
  aloneMs: 15_000,
  isTimed: true,
};
export const DOWNLOADS_SHORT: DownloadSettings = {
  clients: 8,
  bytes: 2 ** 24,
  ratePerSecond: 100,
  aloneMs: 500,
  isTimed: false,
};

const MIB = 1_048_576;
const MOST_TIMES = 2;
/** Beyond it, the machine is busy with other work, and bounds on times say nothing of the gateway. */
const MOST_ALONE_MS = 50;
const SAMPLE_MS = 500;
/** Buffers that wait to be collected, mostly: far less than the bytes that go through. */
const MOST_ADDED_MIB = 128;

/**
 * That downloads as fast as they go cost small requests little, and the gateway no memory. What they cost is measured
 * without a proxy and with nginx too: clients and origins, a process for each kind, wait for the same few cores.
 */
export async function downloads(bench: LoadBench, settings: DownloadSettings): Promise<Finding[]> {
  const [small, large] = await Promise.all([bench.startOrigin(), bench.startOrigin()]);
  const normal = await bench.startNormalTraffic();
  const server = (port: number): string[] => [`127.0.0.1:${port}`];
  const { gateway, plain } = await startListeners(bench, {
    name: 'downloads',
    originPort: small.port,
    more: {
      origins: [
        { name: 'small', servers: server(small.port) },
        { name: 'large', servers: server(large.port) },
      ],
      routes: [
        { prefix: '/stream/', origin: 'large' },
        { prefix: '/', origin: 'small' },
      ],
    },
  });
  const origins = {
    closeConnections: async (): Promise<void> => {
      await Promise.all([small.closeConnections(), large.closeConnections()]);
    },
  };
  const peers: { way: Way; mixed: Mixed }[] = [];
  const direct: Way = { name: 'no proxy', smallPort: small.port, downloadPort: large.port };
  for (const way of [direct, await nginxWay(bench, small, large)]) {
    if (way === undefined) continue;
    peers.push({ way, mixed: await mixedLoad(way, normal, settings) });
    bench.progress(`downloads: measured with ${way.name}`);
  }
  const sluice: Way = { name: 'sluice', smallPort: plain, downloadPort: plain };
  await mixedLoad(sluice, normal, { ...settings, bytes: Math.min(settings.bytes, MIB) });
  const base = await memoryAtRest(gateway, origins);
  // Without a collection, which would stop the gateway.
  const rssMib = (): number => treeUsage(gateway.pid).rssBytes / MIB;
  let rssBeforeMib = 0;
  let mostRssMib = 0;
  let aloneDelay: LoopDelay | undefined;
  const sampling = setInterval(() => (mostRssMib = Math.max(mostRssMib, rssMib())), SAMPLE_MS);
  const mixed = await mixedLoad(sluice, normal, settings, async () => {
    rssBeforeMib = rssMib();
    mostRssMib = rssBeforeMib;
    aloneDelay = await gateway.loopDelay();
  });
  clearInterval(sampling);
  const besideDelay = await gateway.loopDelay();
  const after = await memoryAtRest(gateway, origins);
  const { alone, beside, received } = mixed;
  const whole = received.filter((count) => count === settings.bytes).length;
  return [
    exactly('14', `downloads of ${settings.bytes / MIB} MiB that came whole`, whole, settings.clients),
    noted('14', 'small requests beside them', String(beside.answered)),
    exactly(
      '14',
      'small requests that failed',
      alone.firstFailure ?? beside.firstFailure ?? alone.failed + beside.failed,
      0,
    ),
    atMost('14', 'RSS that they add', Math.max(0, mostRssMib - rssBeforeMib), MOST_ADDED_MIB, 'MiB'),
    ...[...peers, { way: sluice, mixed }].map(({ way, mixed: one }) =>
      noted('14', way.name, figuresOf(one, settings)),
    ),
    noted(
      '14',
      'delay of the event loop of sluice',
      `${delayText(aloneDelay)} alone, ${delayText(besideDelay)} beside`,
    ),
    ...(settings.isTimed ? times(peers, mixed) : []),
    ...leftOver('downloads', base, after),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway),
  ];
}

/** The bound is on what the proxy adds: the machine, the clients and the origins are slow beside downloads without it, too. */
function times(peers: readonly { way: Way; mixed: Mixed }[], { alone, beside }: Mixed): Finding[] {
  const most = 'p99 alone, or the machine is too busy to measure times';
  return [
    atMost('14', most, alone.p99Ms, MOST_ALONE_MS, 'ms'),
    atMost('14', 'p99 beside, in times of that alone', beside.p99Ms / alone.p99Ms, MOST_TIMES),
    ...peers.map(({ way, mixed }) => {
      const what = `p99 beside, in times of that with ${way.name}`;
      return noted('14', what, (beside.p99Ms / mixed.beside.p99Ms).toFixed(2));
    }),
  ];
}

function figuresOf({ alone, beside, seconds }: Mixed, { clients, bytes }: DownloadSettings): string {
  const gibPerSecond = (clients * bytes) / 2 ** 30 / seconds;
  const p = ({ p50Ms, p99Ms }: Mixed['alone']): string =>
    `p50 ${p50Ms.toFixed(2)} ms, p99 ${p99Ms.toFixed(2)}`;
  return `alone: ${p(alone)}; beside: ${p(beside)}; ${gibPerSecond.toFixed(2)} GiB/s`;
}

function delayText(delay: LoopDelay | undefined): string {
  return `p99 ${delay?.p99Ms.toFixed(1)} ms, at most ${delay?.maxMs.toFixed(1)}`;
}
