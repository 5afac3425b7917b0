import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, quietLog } from '../accounts.ts';
import { AskingClient, type Asked } from '../client/asking-client.ts';
import { shortTarget } from '../exchange/exchange-target.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import { serverRequests } from '../gateway/server-requests.ts';
import type { LoadBench } from '../load-bench.ts';

export type KilledSettings = {
  /** GETs at a constant rate. */
  ratePerSecond: number;
  /** Clients that POST, one request after the other. */
  posters: number;
  beforeMs: number;
  afterMs: number;
};

export const KILLED_LONG: KilledSettings = {
  ratePerSecond: 500,
  posters: 32,
  beforeMs: 5_000,
  afterMs: 20_000,
};
export const KILLED_SHORT: KilledSettings = { ratePerSecond: 100, posters: 8, beforeMs: 500, afterMs: 2_500 };

const SERVERS = 3;
const ANSWER_MS = 20;
/** As many repetitions as requests may be under way at a server: the budget is for servers that are slow, not gone. */
const IN_FLIGHT = 512;
/** The kernel ends the connections of a process that is killed one after the other; a POST may meet such an end. */
const ENDS_WITHIN_MS = 1_000;

/** That a server of an origin which is killed under load costs no GET, and of the POSTs those alone that it had. */
export async function killed(bench: LoadBench, settings: KilledSettings): Promise<Finding[]> {
  const origins = await Promise.all(Array.from({ length: SERVERS }, () => bench.startOrigin()));
  const [victim, ...others] = origins;
  if (victim === undefined) throw new Error('there is no origin');
  const servers = origins.map(({ port }) => `127.0.0.1:${port}`);
  const { gateway, plain, adminPort } = await startListeners(bench, {
    name: 'killed',
    originPort: victim.port,
    more: {
      origins: [{ name: 'load', servers, outlierDetection: {}, options: { minRetryConcurrency: IN_FLIGHT } }],
      routes: [
        { prefix: '/', origin: 'load', upstream: { retry: { retryOn: ['gateway-error'], numRetries: 2 } } },
      ],
    },
  });
  const normal = await bench.startNormalTraffic();
  const posts = { answered: 0, failed: [] as string[], failedLate: 0 };
  let killedAtMs = Number.POSITIVE_INFINITY;
  const hear = (answer: Asked): void => {
    if (answer.status === 200) posts.answered += 1;
    else posts.failed.push(answer.lost ?? answer.head);
    const begunAtMs = performance.now() - answer.tookMs;
    if (answer.status !== 200 && begunAtMs > killedAtMs + ENDS_WITHIN_MS) posts.failedLate += 1;
  };
  let isOver = false;
  let token = 0;
  await normal.start(plain, settings.ratePerSecond);
  const posting = Array.from({ length: settings.posters }, () =>
    new AskingClient(plain).run(
      () => isOver,
      () => postFor((token += 1)),
      () => 0,
      hear,
    ),
  );
  await delay(settings.beforeMs);
  killedAtMs = performance.now();
  await victim.kill();
  await delay(ENDS_WITHIN_MS);
  const picks = (): Promise<number> => serverRequests(adminPort, 'load', `127.0.0.1:${victim.port}`);
  const picksSoon = await picks();
  await delay(settings.afterMs);
  const picksLate = await picks();
  isOver = true;
  await Promise.all(posting);
  const { answered, failed, firstFailure } = await normal.stop();
  const counts = await Promise.all(others.map((origin) => origin.counts()));
  return [
    noted('29', 'GETs that were answered', String(answered)),
    exactly('29', 'GETs that failed', firstFailure ?? failed, 0),
    noted('29', 'POSTs that were answered', String(posts.answered)),
    atMost('29', 'POSTs that failed, one at most of each client', posts.failed.length, settings.posters),
    exactly('29', `POSTs that failed, of those sent ${ENDS_WITHIN_MS} ms later`, posts.failedLate, 0),
    exactly(
      '29',
      `requests that the killed server got, ${ENDS_WITHIN_MS} ms later and at the end`,
      picksLate,
      picksSoon,
    ),
    exactly('5', 'POSTs that came in twice', counts.flatMap((one) => one.doubledPosts).join(', ') || 0, 0),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway),
  ];
}

function postFor(token: number): Buffer {
  const target = shortTarget(token, ANSWER_MS);
  return Buffer.from(`POST ${target} HTTP/1.1\r\nHost: load.test\r\nContent-Length: 0\r\n\r\n`);
}
