import { fileURLToPath } from 'node:url';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { AskingClient } from '../client/asking-client.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import { ImpatientClient, type ImpatientCounts } from './impatient-client.ts';

export type OverloadSettings = {
  /** How long the most that the gateway can do is looked for. */
  peakMs: number;
  overloadMs: number;
  /** Whether bounds on rates, times, and on memory beside that at its most are applied: a second is no measure of them. */
  isMeasured: boolean;
};

export const OVERLOAD_LONG: OverloadSettings = { peakMs: 15_000, overloadMs: 120_000, isMeasured: true };
export const OVERLOAD_SHORT: OverloadSettings = { peakMs: 800, overloadMs: 2_500, isMeasured: false };

const FILTER = fileURLToPath(new URL('computing-filter.js', import.meta.url));
const GET = Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n');
const MIB = 1_048_576;
const CLIENTS = 64;
/** What the listener takes; who comes beyond it is sent away. */
const MOST_CONNECTIONS = 200;
const PATIENCE_MS = 2_000;
const TIMES_CAPACITY = 2;
const HIGH_SHARE = 0.8;
const LOW_SHARE = 0.5;
const LEAST_OF_PEAK = 0.8;
/** No cap of memory is configured: some more connections than at its most are all that may cost. */
const MOST_RSS = 1.25;
const DELAY_P99_MS = 10;
const DELAY_MAX_MS = 100;
const RECOVERED_WITHIN_S = 10;
const SECOND_MS = 1_000;

/** That a gateway which is asked for twice what it can do goes on at its best, holds no more, and is well right after. */
export async function overload(bench: LoadBench, settings: OverloadSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const { gateway, set } = await startListeners(bench, {
    name: 'overload',
    originPort: origin.port,
    handlerOptions: { 'max-inbound-connections': { maxConnections: MOST_CONNECTIONS } },
    more: { plugins: [FILTER], filters: ['computing'] },
  });
  await peakOf(set, settings.peakMs / 2);
  const base = await memoryAtRest(gateway, origin);
  const cpuMicros = (): number => gateway.cpuMicros;
  const peakCpu = cpuMicros();
  const peak = await peakOf(set, settings.peakMs);
  const peakPerCpu = (peak * settings.peakMs * 1000) / (cpuMicros() - peakCpu);
  const { rss } = await gateway.memory();
  bench.progress(`overload: at most ${peak.toFixed(0)} requests/s`);
  const crowd = new ImpatientClient(set, PATIENCE_MS);
  try {
    await gateway.loopDelay();
    const high = await window(crowd, peak * HIGH_SHARE, settings.peakMs);
    const { p99Ms, maxMs } = await gateway.loopDelay();
    const aboveCpu = cpuMicros();
    const above = await window(crowd, peak * TIMES_CAPACITY, settings.overloadMs);
    const perCpu = (above.answered * 1e6) / (cpuMicros() - aboveCpu);
    const loaded = await gateway.memory();
    crowd.take();
    crowd.start(peak * LOW_SHARE);
    const recoveredAfterS = await recovery(crowd);
    crowd.stop();
    // Behind all that is still in the queues.
    await peakOf(set, SECOND_MS);
    const after = await memoryAtRest(gateway, origin);
    const served = above.answered / (settings.overloadMs / 1000);
    const delayed = `p99 ${p99Ms.toFixed(1)} ms, at most ${maxMs.toFixed(1)} ms`;
    return [
      noted('22', 'the most that it can do', `${peak.toFixed(0)} requests/s`),
      noted('28', `at 80 % of it: ${inWords(high)}; delay of the event loop`, delayed),
      noted('22', `at ${TIMES_CAPACITY} times as much`, inWords(above)),
      noted('22', 'of the most that it can do, then answered', `${((served / peak) * 100).toFixed(0)} %`),
      noted(
        '22',
        'answers for a second of its CPU time',
        `${peakPerCpu.toFixed(0)}, then ${perCpu.toFixed(0)}`,
      ),
      noted('22', 'RSS', `${(rss / MIB).toFixed(0)} MiB, then ${(loaded.rss / MIB).toFixed(0)} MiB`),
      exactly('22', 'whether it recovers', recoveredAfterS === undefined ? 'no' : 'yes', 'yes'),
      ...(settings.isMeasured
        ? [
            atMost('22', 'RSS then, of that at its most', loaded.rss / rss, MOST_RSS),
            atMost('28', 'p99 of the delay at 80 %', p99Ms, DELAY_P99_MS, 'ms'),
            atMost('28', 'the longest delay at 80 %', maxMs, DELAY_MAX_MS, 'ms'),
            atMost(
              '22',
              'part of the answers for its CPU time that it loses',
              1 - perCpu / peakPerCpu,
              1 - LEAST_OF_PEAK,
            ),
            atMost('22', 'seconds until all are answered again', recoveredAfterS ?? 0, RECOVERED_WITHIN_S),
          ]
        : []),
      ...leftOver('overload', base, after),
      ...connectionAccounts(await gateway.metrics()),
      quietLog(gateway),
    ];
  } finally {
    crowd.stop();
  }
}

/** Answers a second for clients that ask as soon as they are answered. */
async function peakOf(port: number, durationMs: number): Promise<number> {
  const startedAtMs = performance.now();
  let answered = 0;
  await Promise.all(
    Array.from({ length: CLIENTS }, () =>
      new AskingClient(port).run(
        () => performance.now() - startedAtMs >= durationMs,
        () => GET,
        () => 0,
        ({ status }) => (answered += status === 200 ? 1 : 0),
      ),
    ),
  );
  return answered / ((performance.now() - startedAtMs) / 1000);
}

async function window(
  crowd: ImpatientClient,
  ratePerSecond: number,
  durationMs: number,
): Promise<ImpatientCounts> {
  crowd.start(ratePerSecond);
  await delay(durationMs);
  return crowd.take();
}

/** Seconds until a whole one in which nobody was refused or gave up; undefined when there is none in time. */
async function recovery(crowd: ImpatientClient): Promise<number | undefined> {
  for (let seconds = 0; seconds < 3 * RECOVERED_WITHIN_S; seconds += 1) {
    await delay(SECOND_MS);
    const { answered, refused, givenUp } = crowd.take();
    if (answered > 0 && refused + givenUp === 0) return seconds;
  }
  return undefined;
}

function inWords({ sent, answered, refused, givenUp }: ImpatientCounts): string {
  return `${sent} sent, ${answered} answered, ${refused} refused, ${givenUp} given up`;
}
