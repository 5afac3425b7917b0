import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, quietLog } from '../accounts.ts';
import { AskingClient, type Asked } from '../client/asking-client.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { BlackHoleServer } from './black-hole-server.ts';

export type BlackHoleSettings = {
  /** Small requests a second, on other routes. */
  ratePerSecond: number;
  /** How long those are measured alone. */
  baseMs: number;
  /** How long clients ask for what is in the hole. */
  durationMs: number;
  connectTimeoutMs: number;
  isTimed: boolean;
};

export const BLACK_HOLE_LONG: BlackHoleSettings = {
  ratePerSecond: 500,
  baseMs: 15_000,
  durationMs: 20_000,
  connectTimeoutMs: 2_000,
  isTimed: true,
};
export const BLACK_HOLE_SHORT: BlackHoleSettings = {
  ratePerSecond: 100,
  baseMs: 200,
  durationMs: 1_500,
  connectTimeoutMs: 400,
  isTimed: false,
};

const CLIENTS = 8;
const PAUSE_MS = 50;
const REFUSED_WITHIN_MS = 30_000;
const TOLERANCE = 0.1;
const TIMES_BASE = 1.2;

/** What clients of a route have heard, by status. */
type Heard = Map<number, Asked[]>;

/** That a server which takes no connections costs one timeout, then nothing, and other routes nothing at all. */
export async function blackHole(bench: LoadBench, settings: BlackHoleSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const hole = await BlackHoleServer.start(bench);
  const normal = await bench.startNormalTraffic();
  const options = { connectTimeoutMs: settings.connectTimeoutMs };
  const servers = [`127.0.0.1:${hole.port}`, `127.0.0.1:${origin.port}`] as const;
  const shared = { outlierDetection: {}, options };
  const { gateway, plain } = await startListeners(bench, {
    name: 'black-hole',
    originPort: origin.port,
    more: {
      origins: [
        { name: 'load', servers: [servers[1]] },
        {
          name: 'hole',
          servers: [servers[0]],
          loadBalancer: { policy: 'round-robin', failTrafficOnPanic: true },
          ...shared,
        },
        { name: 'half', servers, ...shared },
      ],
      routes: [
        { prefix: '/hole', origin: 'hole' },
        { prefix: '/half', origin: 'half' },
        { prefix: '/', origin: 'load' },
      ],
    },
  });
  try {
    await normal.start(plain, settings.ratePerSecond);
    await delay(settings.baseMs);
    const alone = await normal.take();
    const startedAtMs = performance.now();
    const [inHole, inHalf]: [Heard, Heard] = [new Map(), new Map()];
    // A machine that is busy may take longer for the first timeouts.
    const isOver = (): boolean => {
      const tookMs = performance.now() - startedAtMs;
      return tookMs >= settings.durationMs && (inHole.has(503) || tookMs >= REFUSED_WITHIN_MS);
    };
    await Promise.all([ask(plain, '/hole', isOver, inHole), ask(plain, '/half', isOver, inHalf)]);
    const beside = await normal.stop();
    const metrics = await gateway.metrics();
    const timeouts = inHole.get(504) ?? [];
    const refused = inHole.get(503) ?? [];
    const ejections = metrics.sum('origin_outlier_detection_ejections_active', 'hole');
    return [
      noted('31', 'requests that ended with the timeout to connect', tookFrom(timeouts)),
      ...(settings.isTimed ? timeoutsInTime(timeouts, settings.connectTimeoutMs) : []),
      exactly(
        '31',
        'statuses of the black hole',
        [...inHole.keys()].toSorted((a, b) => a - b).join(', '),
        '503, 504',
      ),
      noted('31', 'requests that were refused at once', tookFrom(refused)),
      exactly('31', 'its servers that are ejected', ejections, 1),
      exactly('31', 'statuses where another server is left', [...inHalf.keys()].join(', '), '200'),
      noted('31', 'requests there', tookFrom(inHalf.get(200) ?? [])),
      exactly('31', 'requests on other routes that failed', beside.firstFailure ?? beside.failed, 0),
      noted('31', 'requests on other routes', `${beside.answered}, p99 ${beside.p99Ms.toFixed(2)} ms`),
      ...(settings.isTimed
        ? [
            noted('31', 'p99 on other routes alone', `${alone.p99Ms.toFixed(2)} ms`),
            atMost('31', 'times as long', beside.p99Ms / alone.p99Ms, TIMES_BASE),
          ]
        : []),
      ...connectionAccounts(metrics),
      quietLog(gateway),
    ];
  } finally {
    hole.close();
  }
}

/** Lets some clients ask for a path until it is over. */
async function ask(port: number, path: string, isOver: () => boolean, heard: Heard): Promise<void> {
  const request = Buffer.from(`GET ${path} HTTP/1.1\r\nHost: load.test\r\n\r\n`);
  await Promise.all(
    Array.from({ length: CLIENTS }, () =>
      new AskingClient(port).run(
        isOver,
        () => request,
        () => PAUSE_MS,
        (answer) => heard.set(answer.status, [...(heard.get(answer.status) ?? []), answer]),
      ),
    ),
  );
}

function tookFrom(answers: readonly Asked[]): string {
  const times = answers.map(({ tookMs }) => tookMs);
  if (times.length === 0) return 'none';
  return `${times.length}, after ${Math.min(...times).toFixed(0)}..${Math.max(...times).toFixed(0)} ms`;
}

function timeoutsInTime(answers: readonly Asked[], dueMs: number): Finding[] {
  const isLate = ({ tookMs }: Asked): boolean => Math.abs(tookMs - dueMs) > dueMs * TOLERANCE;
  return [exactly('31', `of them not after ${dueMs} ms ± 10 %`, answers.filter(isLate).length, 0)];
}
