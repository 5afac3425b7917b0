import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import type { GatewayUnderTest } from '../gateway/gateway-under-test.ts';
import { startListeners, type ListeningGateway } from '../gateway/listeners.ts';
import type { Metrics } from '../gateway/metrics.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import type { OriginCounts } from '../origin/origin-counts.ts';
import { readAccessLog, SOAK_LOG_FORMAT } from './access-log-lines.ts';
import { MemoryCourse } from './memory-course.ts';
import { Random } from './random.ts';
import { SoakClient } from './soak-client.ts';
import type { SoakSettings } from './soak-settings.ts';
import { socketOf } from './soak-sockets.ts';
import { Tally } from './tally.ts';

/** Short, so that stalls do not hold many of the clients; longer than a busy machine lets a process wait. */
const SILENCE_MS = 5_000;
const WARM_UP_MS = 20_000;
const COMPLETED = 'server_http_requests_completed_total';

/** Full load with churn and faults: every response is right, every exchange is accounted for, nothing grows or stays. */
export async function soak(bench: LoadBench, settings: SoakSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const accessLog = join(bench.directory, 'access.log');
  const listening = await startListeners(bench, {
    name: 'soak',
    originPort: origin.port,
    originOptions: { responseTimeoutMs: SILENCE_MS, connectTimeoutMs: SILENCE_MS },
    more: { accessLog: { destination: accessLog, format: SOAK_LOG_FORMAT } },
  });
  const { gateway } = listening;
  const tally = new Tally();
  await run(listening, tally, { ...settings, durationMs: Math.min(WARM_UP_MS, settings.durationMs / 6) });
  const base = await memoryAtRest(gateway, origin);
  const course = new MemoryCourse(gateway, settings.readEveryMs);
  const { cpuMicros } = gateway;
  const exchanges = tally.exchanges;
  await gateway.loopDelay();
  const seconds = await run(listening, tally, settings, (isOver) =>
    course.run(isOver, ({ rss }) => {
      const mib = (rss / 1_048_576).toFixed(0);
      bench.progress(`soak: ${tally.exchanges} exchanges, RSS ${mib} MiB, ${tally.count('wrong')} wrong`);
    }),
  );
  const { p99Ms, maxMs } = await gateway.loopDelay();
  const share = (gateway.cpuMicros - cpuMicros) / 1e6 / seconds;
  const after = await memoryAtRest(gateway, origin);
  const metrics = await gateway.metrics();
  const counts = await origin.counts();
  return [
    noted('2', 'exchanges', `${tally.exchanges}, ${((tally.exchanges - exchanges) / seconds).toFixed(0)}/s`),
    noted('2', 'share of a core that the gateway had', `${(share * 100).toFixed(0)} %`),
    noted(
      '28',
      'delay of the event loop, forced collections included',
      `p99 ${p99Ms.toFixed(0)} ms, ${maxMs.toFixed(0)} ms`,
    ),
    ...outcomes(tally),
    ...seenByOrigin(counts),
    ...course.findings(),
    ...leftOver('soak', base, after),
    ...connectionAccounts(metrics),
    quietLog(gateway),
    ...(await records(gateway, accessLog, tally, metrics)),
  ];
}

/** Lets all clients run for the time; resolves to how many seconds it took until the last exchange had ended. */
async function run(
  listening: ListeningGateway,
  tally: Tally,
  settings: SoakSettings,
  beside: (isOver: () => boolean) => Promise<void> = () => Promise.resolve(),
): Promise<number> {
  const { clients, durationMs, seed } = settings;
  const startedAtMs = performance.now();
  const isOver = (): boolean => performance.now() - startedAtMs >= durationMs;
  const running = Array.from({ length: clients }, (_, place) =>
    new SoakClient(
      socketOf(listening, place),
      new Random(seed + tally.exchanges + place),
      tally,
      settings,
    ).run(isOver),
  );
  await Promise.all([...running, beside(isOver), delay(durationMs)]);
  return (performance.now() - startedAtMs) / 1000;
}

function outcomes(tally: Tally): Finding[] {
  const wrong = tally.count('wrong');
  const each = [...tally.counts].toSorted(([a], [b]) => a.localeCompare(b));
  return [
    exactly('2', 'exchanges that were not as they must be', wrong === 0 ? 0 : tally.wrong.join('\n'), 0),
    atMost(
      '30',
      'POSTs that met the end of a kept connection, at most one for each silent end',
      tally.count('stale'),
      tally.countOf('silent-end', 'whole'),
    ),
    noted(
      '2',
      'bytes of bodies that were compared with what was due',
      `${(tally.bytes / 2 ** 30).toFixed(2)} GiB`,
    ),
    ...each.map(([what, count]) => noted('2', `  ${what}`, String(count))),
  ];
}

function seenByOrigin({ wrongBodies, doubledPosts, wholeBodies }: OriginCounts): Finding[] {
  return [
    noted('3', 'bodies of requests that came in whole and right', String(wholeBodies)),
    exactly('3', 'bodies of requests that came in whole and wrong', wrongBodies.join('\n') || 'none', 'none'),
    exactly('5', 'POSTs that came in twice', doubledPosts.join(', ') || 'none', 'none'),
  ];
}

/** That each exchange has the one record that is due, and the counters the same. */
async function records(
  gateway: GatewayUnderTest,
  accessLog: string,
  tally: Tally,
  metrics: Metrics,
): Promise<Finding[]> {
  const outcome = await gateway.end();
  const { byToken, total } = await readAccessLog(accessLog, tally.exchanges);
  const unaccounted = [...byToken.entries()]
    .slice(1)
    .filter(([token, lines]) => !tally.isAccountedBy(token, lines))
    .map(([token, lines]) => `${token} has ${lines}`);
  const completed = metrics.sum(COMPLETED);
  return [
    exactly('40', 'end of the gateway on SIGTERM', outcome, 'exited with 0'),
    exactly('40', 'lines lost by the access log', metrics.sum('access_log_dropped_total'), 0),
    exactly(
      '40',
      'exchanges without the one line that is due',
      unaccounted.slice(0, 10).join(', ') || 'none',
      'none',
    ),
    exactly('40', 'lines of the access log, for as many exchanges that ended', total, completed),
    exactly(
      '40',
      'exchanges that ended, for as many that have a duration',
      metrics.sum('server_http_request_duration_seconds_count'),
      completed,
    ),
  ];
}
