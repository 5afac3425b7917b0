import { performance } from 'node:perf_hooks';
import { AskingClient } from '../client/asking-client.ts';
import { connectionAccounts, quietLog } from '../accounts.ts';
import { exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { Random } from '../soak/random.ts';

export type StaleSettings = {
  clients: number;
  durationMs: number;
  /** Whether a POST that meets an announced end counts; with little time it is chance whether there is one. */
  isMeasured: boolean;
};

export const STALE_LONG: StaleSettings = { clients: 200, durationMs: 40_000, isMeasured: true };
export const STALE_SHORT: StaleSettings = { clients: 20, durationMs: 2_500, isMeasured: false };

/** How an origin ends connections that nobody uses, and how long clients pause, so that their requests meet ends. */
type Stage = { name: string; idleMs: number; pauseMs: number; spreadMs: number; isHinted: boolean };

const STAGES: readonly Stage[] = [
  { name: 'without a hint', idleMs: 50, pauseMs: 40, spreadMs: 20, isHinted: false },
  { name: 'with Keep-Alive: timeout', idleMs: 2_000, pauseMs: 500, spreadMs: 1_600, isHinted: true },
];
const POST_SHARE = 0.2;
const GET = Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n');
const POST = Buffer.from('POST /small HTTP/1.1\r\nHost: load.test\r\nContent-Length: 2\r\n\r\nok');

/** That the end of a kept connection to an origin, met by a request, is no failure of the request. */
export async function staleEnds(bench: LoadBench, settings: StaleSettings): Promise<Finding[]> {
  const findings = await Promise.all(STAGES.map((stage) => staleEndsOf(bench, stage, settings)));
  return findings.flat();
}

async function staleEndsOf(bench: LoadBench, stage: Stage, settings: StaleSettings): Promise<Finding[]> {
  const { name, idleMs, pauseMs, spreadMs, isHinted } = stage;
  const origin = await bench.startOrigin();
  await origin.closeIdleAfter(idleMs);
  const declared = { name: isHinted ? 'hinted' : 'unhinted', originPort: origin.port };
  const { gateway, plain } = await startListeners(bench, declared);
  const random = new Random(30);
  const asked = { get: 0, post: 0 };
  const lost = { get: [] as string[], post: [] as string[] };
  const startedAtMs = performance.now();
  const isOver = (): boolean => performance.now() - startedAtMs >= settings.durationMs;
  const clients = Array.from({ length: settings.clients }, () =>
    new AskingClient(plain).run(
      isOver,
      () => (random.happens(POST_SHARE) ? POST : GET),
      () => pauseMs + random.upTo(spreadMs),
      ({ status, head, lost: reason }, request) => {
        const method = request === GET ? 'get' : 'post';
        asked[method] += 1;
        if (status !== 200) lost[method].push(reason ?? head);
      },
    ),
  );
  await Promise.all(clients);
  await origin.closeConnections();
  const metrics = await gateway.metrics();
  const count = (metric: string): string => String(metrics.sum(metric));
  return [
    exactly('30', `${name}: GETs that failed, of ${asked.get}`, lost.get[0] ?? 0, 0),
    isHinted && settings.isMeasured
      ? exactly('30', `${name}: POSTs that failed, of ${asked.post}`, lost.post.length, 0)
      : noted('30', `${name}: POSTs that failed, of ${asked.post}`, String(lost.post.length)),
    noted('30', `${name}: connections ended while they were kept`, count('connectionpool_inactive_total')),
    noted('30', `${name}: requests that were sent again`, count('origin_retry_total')),
    ...connectionAccounts(metrics),
    quietLog(gateway),
  ];
}
