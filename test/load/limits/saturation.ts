import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { Histogram } from '../../support/measure/histogram.ts';
import { connectionAccounts, quietLog } from '../accounts.ts';
import { AskingClient, type Asked } from '../client/asking-client.ts';
import { shortTarget } from '../exchange/exchange-target.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';

export type SaturationSettings = {
  clients: number;
  /** Between an answer and the next request of a client. */
  pauseMs: number;
  durationMs: number;
  /** Whether the bound on the time to a refusal is applied. */
  isTimed: boolean;
};

/** About three times what the origin can do: 8 connections with 20 ms for each request. */
export const SATURATION_LONG: SaturationSettings = {
  clients: 60,
  pauseMs: 50,
  durationMs: 20_000,
  isTimed: true,
};
export const SATURATION_SHORT: SaturationSettings = {
  clients: 60,
  pauseMs: 10,
  durationMs: 1_500,
  isTimed: false,
};

const MOST_CONNECTIONS = 8;
const MOST_WAITING = 16;
const ANSWER_MS = 20;
const SAMPLE_MS = 100;
const REFUSED_WITHIN_MS = 5;

/** That an origin which can't keep up gets no more than its limits, and the rest is refused at once. */
export async function saturation(bench: LoadBench, settings: SaturationSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const { gateway, plain } = await startListeners(bench, {
    name: 'saturation',
    originPort: origin.port,
    originOptions: { maxConnections: MOST_CONNECTIONS, maxPendingRequests: MOST_WAITING },
  });
  const before = (await origin.counts()).requests;
  const startedAtMs = performance.now();
  const isOver = (): boolean => performance.now() - startedAtMs >= settings.durationMs;
  const answers = { whole: 0, refused: 0, other: [] as string[] };
  const refusals = new Histogram();
  const hear = (answer: Asked): void => {
    if (answer.status === 200) answers.whole += 1;
    else if (answer.status === 503 && answer.head.includes('connection_limit_reached')) {
      answers.refused += 1;
      refusals.record(answer.tookMs * 1000);
    } else answers.other.push(answer.lost ?? answer.head);
  };
  let token = 0;
  const request = (): Buffer => requestFor((token += 1));
  const clients = Array.from({ length: settings.clients }, () =>
    new AskingClient(plain).run(isOver, request, () => settings.pauseMs, hear),
  );
  const most = { open: 0, waiting: 0 };
  while (!isOver()) {
    most.open = Math.max(most.open, (await origin.counts()).open);
    most.waiting = Math.max(most.waiting, (await gateway.metrics()).sum('origin_pending_current'));
    await delay(SAMPLE_MS);
  }
  await Promise.all(clients);
  const metrics = await gateway.metrics();
  const { requests } = await origin.counts();
  const refusedMs = refusals.percentile(50) / 1000;
  return [
    noted('33', 'requests that were answered', String(answers.whole)),
    exactly('33', 'requests with another end than 200 and 503', answers.other[0] ?? 0, 0),
    atMost('33', 'connections to the origin', most.open, MOST_CONNECTIONS),
    atMost('33', 'requests that waited', most.waiting, MOST_WAITING),
    exactly(
      '33',
      'requests refused, as counted here and there',
      answers.refused,
      metrics.sum('origin_pending_overflow_total'),
    ),
    exactly('33', 'requests that the origin saw: none twice', requests - before, answers.whole),
    ...(settings.isTimed
      ? [atMost('33', 'median time to a refusal', refusedMs, REFUSED_WITHIN_MS, 'ms')]
      : []),
    ...connectionAccounts(metrics),
    quietLog(gateway),
  ];
}

function requestFor(token: number): Buffer {
  const target = shortTarget(token, ANSWER_MS);
  return Buffer.from(`GET ${target} HTTP/1.1\r\nHost: load.test\r\n\r\n`);
}
