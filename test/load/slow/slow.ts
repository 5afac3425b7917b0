import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../../support/poll-until.ts';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import type { PacedCounts } from '../client/paced-client.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import type { SlowEnd } from './slow-connection.ts';
import { SlowCrowd } from './slow-crowd.ts';
import { SLOW_KINDS, type SlowKind } from './slow-kind.ts';
import type { SlowSettings } from './slow-settings.ts';

const WARM_UP_MS = 2_000;
const LATE_MS = 1_000;
const TIMES_BASE = 2;
/** Beyond it, the machine is busy with other work, and bounds on times say nothing of the gateway. */
const MOST_ALONE_MS = 50;
/** As long as the longest deadline, so that the ends are spread as evenly as the beginnings. */
const GROWTH_MS = Math.max(...SLOW_KINDS.map(({ deadlineMs }) => deadlineMs));
const ALL_GONE_WITHIN_MS = 30_000;

/** That clients which are slow on purpose are sent away in time, cost the others little, and leave nothing behind. */
export async function slow(bench: LoadBench, settings: SlowSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const listening = await startListeners(bench, {
    name: 'slow',
    originPort: origin.port,
    handlerOptions: deadlines(settings.deadlineMs),
  });
  const { gateway } = listening;
  const normal = await bench.startNormalTraffic();
  const crowd = new SlowCrowd(listening, settings.everyMs);
  try {
    await normal.start(listening.plain, settings.ratePerSecond);
    await delay(Math.min(WARM_UP_MS, settings.baseMs));
    await normal.stop();
    const base = await memoryAtRest(gateway, origin);
    await normal.start(listening.plain, settings.ratePerSecond);
    await delay(settings.baseMs);
    const alone = await normal.take();
    bench.progress(`slow: alone, p99 ${alone.p99Ms.toFixed(2)} ms`);
    await crowd.grow(settings.connections, settings.deadlineMs ?? GROWTH_MS);
    await delay(settings.windowMs);
    const beside = await normal.take();
    bench.progress(`slow: beside ${crowd.open} slow connections, p99 ${beside.p99Ms.toFixed(2)} ms`);
    crowd.shrink();
    await pollUntil(
      () => Promise.resolve(crowd.open),
      (open) => open === 0,
      ALL_GONE_WITHIN_MS,
    );
    const neverEnded = crowd.open;
    await normal.stop();
    crowd.stop();
    const after = await memoryAtRest(gateway, origin);
    return [
      exactly('23', 'slow connections that are never ended', neverEnded, 0),
      ...SLOW_KINDS.flatMap((kind) => endsOf(kind, crowd.ends.get(kind) ?? [], settings)),
      ...costOf(alone, beside, settings),
      ...leftOver('slow', base, after),
      ...connectionAccounts(await gateway.metrics()),
      quietLog(gateway),
    ];
  } finally {
    crowd.stop();
  }
}

/** Options of the handlers that end the slow, when they are not to be the defaults. */
function deadlines(deadlineMs: number | undefined): Record<string, Record<string, number>> {
  if (deadlineMs === undefined) return {};
  return Object.fromEntries(
    SLOW_KINDS.map(({ deadline }) => {
      const [handler = '', option = ''] = deadline.split('.');
      return [handler, { [option]: deadlineMs }];
    }),
  );
}

function endsOf(kind: SlowKind, ends: readonly SlowEnd[], settings: SlowSettings): Finding[] {
  const dueMs = settings.deadlineMs ?? kind.deadlineMs;
  const times = ends.map(({ afterMs }) => afterMs).filter((afterMs) => afterMs !== undefined);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const span = `${(first / 1000).toFixed(2)}..${(last / 1000).toFixed(2)} s`;
  const wordless = ends.filter(({ farewell }) => farewell === '').length;
  const due =
    kind.farewell === ''
      ? wordless
      : ends.filter(({ farewell }) => farewell.startsWith(kind.farewell)).length;
  // Who has sent nothing of a request yet is sent away without a word.
  const silent = kind.farewell === '' ? 0 : wordless;
  const name = `slow ${kind.name}`;
  return [
    noted('23', `${name}: ended by the gateway`, `${ends.length}, after ${span}`),
    exactly('23', `${name}: with other last words than are due`, ends.length - due - silent, 0),
    { ...noted('23', `${name}: with those that are due`, String(due)), bound: 'at least 1', holds: due > 0 },
    ...(settings.isTimed
      ? [atMost('23', `${name}: the last one`, last / 1000, (dueMs + LATE_MS) / 1000, 's')]
      : []),
  ];
}

function costOf(alone: PacedCounts, beside: PacedCounts, { isTimed }: SlowSettings): Finding[] {
  const ratio = beside.p99Ms / alone.p99Ms;
  const p99 = `${alone.p99Ms.toFixed(2)} ms alone, ${beside.p99Ms.toFixed(2)} ms beside them`;
  return [
    exactly('23', 'normal requests that failed', beside.firstFailure ?? beside.failed + alone.failed, 0),
    noted('23', 'normal requests that were answered', String(beside.answered)),
    ...(isTimed
      ? [
          noted('23', 'p99 of normal requests', p99),
          atMost(
            '23',
            'p99 alone, or the machine is too busy to measure times',
            alone.p99Ms,
            MOST_ALONE_MS,
            'ms',
          ),
          atMost('23', 'times as long', ratio, TIMES_BASE),
        ]
      : []),
  ];
}
