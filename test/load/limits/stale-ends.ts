import { performance } from 'node:perf_hooks';
import { AskingClient } from '../client/asking-client.ts';
import { connectionAccounts, quietLog } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { Random } from '../soak/random.ts';

export type StaleSettings = { clients: number; durationMs: number; isMeasured: boolean };

export const STALE_LONG: StaleSettings = { clients: 200, durationMs: 60_000, isMeasured: true };
export const STALE_SHORT: StaleSettings = { clients: 20, durationMs: 2_000, isMeasured: false };

/** After so long the origin ends a connection that nobody uses, without a word before. */
const IDLE_MS = 50;
/** Pauses of a client lie around it, so that requests meet ends. */
const PAUSE_MS = { least: 40, spread: 20 } as const;
const POST_SHARE = 0.2;
const GET = Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n');
const POST = Buffer.from('POST /small HTTP/1.1\r\nHost: load.test\r\nContent-Length: 2\r\n\r\nok');
/** Of a POST that is not sent again; the pauses here meet ends far more often than traffic does. */
const POSTS_LOST_SHARE = 0.01;

/** That the end of a kept connection to an origin, met by a request, is no failure of the request. */
export async function staleEnds(bench: LoadBench, settings: StaleSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  await origin.closeIdleAfter(IDLE_MS);
  const { gateway, plain } = await startListeners(bench, { name: 'stale', originPort: origin.port });
  const random = new Random(30);
  const asked = { get: 0, post: 0 };
  const lost = { get: [] as string[], post: [] as string[] };
  const startedAtMs = performance.now();
  const isOver = (): boolean => performance.now() - startedAtMs >= settings.durationMs;
  const clients = Array.from({ length: settings.clients }, () =>
    new AskingClient(plain).run(
      isOver,
      () => (random.happens(POST_SHARE) ? POST : GET),
      () => PAUSE_MS.least + random.upTo(PAUSE_MS.spread),
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
  const postsLost = `${lost.post.length} of ${asked.post}`;
  return [
    exactly('30', `GETs that failed, of ${asked.get}`, lost.get[0] ?? 0, 0),
    settings.isMeasured
      ? atMost('30', `POSTs that failed, of ${asked.post}`, lost.post.length / asked.post, POSTS_LOST_SHARE)
      : noted('30', 'POSTs that failed', postsLost),
    noted(
      '30',
      'connections that the origin ended while they were kept',
      String(metrics.sum('connectionpool_inactive_total')),
    ),
    noted('30', 'requests that were sent again', String(metrics.sum('origin_retry_total'))),
    ...connectionAccounts(metrics),
    quietLog(gateway),
  ];
}
