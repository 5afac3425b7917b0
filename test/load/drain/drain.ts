import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { pollUntil } from '../../support/poll-until.ts';
import { quietLog } from '../accounts.ts';
import { HttpConnection } from '../client/http-connection.ts';
import { shortTarget } from '../exchange/exchange-target.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { IdleClient, type Parting } from './idle-client.ts';
import { TunnelClient } from './tunnel-client.ts';

export type DrainSettings = {
  graceMs: number;
  /** How long answers take that are under way when it begins; `each` of each. */
  answerMs: readonly number[];
  each: number;
  /** Tunnels, half of which end in time. */
  tunnels: number;
  /** Clients with nothing under way, half of which ask once more. */
  idle: number;
  /** Whether the bound on the time to the exit is applied. */
  isTimed: boolean;
};

export const DRAIN_LONG: DrainSettings = {
  graceMs: 30_000,
  answerMs: [100, 5_000, 29_000],
  each: 50,
  tunnels: 50,
  idle: 400,
  isTimed: true,
};
export const DRAIN_SHORT: DrainSettings = {
  graceMs: 8_000,
  answerMs: [50, 500, 2_000],
  each: 5,
  tunnels: 4,
  idle: 20,
  isTimed: false,
};

const ALL_THERE_WITHIN_MS = 20_000;
const EXIT_WITHIN_MS = 1_000;
const TUNNELS_END_AFTER_MS = 1_000;

/** That a gateway which is told to end lets all work end that can, tells everyone, and is gone in time. */
export async function drain(bench: LoadBench, settings: DrainSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const { gateway, plain } = await startListeners(bench, {
    name: 'drain',
    originPort: origin.port,
    args: ['--drain-timeout-ms', String(settings.graceMs)],
  });
  const idle = Array.from({ length: settings.idle }, () => new IdleClient(plain));
  await Promise.all(idle.map((client) => client.ask()));
  const tunnels = await Promise.all(Array.from({ length: settings.tunnels }, () => TunnelClient.open(plain)));
  const before = (await origin.counts()).requests;
  const delays = settings.answerMs.flatMap((ms) => Array.from({ length: settings.each }, () => ms));
  const longestMs = Math.max(...delays);
  const answers = delays.map((delayMs, at) => exchange(plain, at + 1, delayMs, delayMs === longestMs));
  const begun = await pollUntil(
    async () => (await origin.counts()).requests - before,
    (count) => count === delays.length,
    ALL_THERE_WITHIN_MS,
  );
  const startedAtMs = performance.now();
  const ended = gateway.end();
  const partings = idle.map((client, at) =>
    at % 2 === 0 ? client.askUntilTheEnd() : client.waitForTheEnd(),
  );
  await delay(TUNNELS_END_AFTER_MS);
  const [leaving, staying] = [tunnels.filter((_, at) => at % 2 === 0), tunnels.filter((_, at) => at % 2 > 0)];
  const faithless = tunnels.filter(({ isOpen, isFaithful }) => !isOpen || !isFaithful).length;
  for (const tunnel of leaving) tunnel.close();
  const outcome = await ended;
  const tookMs = performance.now() - startedAtMs;
  const failure = (await Promise.all(answers)).find((one) => one !== undefined);
  const parted = await Promise.all(partings);
  return [
    exactly('36', 'requests under way when it began', begun, delays.length),
    exactly('36', 'of them not answered, or the last ones not told of the end', failure ?? 0, 0),
    exactly('36', 'idle clients that asked and were not told', untold(parted, 0, 'announced'), 'none'),
    exactly('36', 'silent clients that were not closed', untold(parted, 1, 'closed'), 'none'),
    exactly('36', 'tunnels that did not work on', faithless, 0),
    exactly('36', 'tunnels open at the end', staying.filter(({ isOpen }) => isOpen).length, 0),
    exactly(
      '36',
      'connections closed by force, in the log',
      forcedIn(gateway.lines('forced')),
      staying.length,
    ),
    exactly('36', 'end of the gateway', outcome, 'exited with 0'),
    settings.isTimed
      ? atMost('36', 'after', tookMs / 1000, (settings.graceMs + EXIT_WITHIN_MS) / 1000, 's')
      : noted('36', 'after', `${(tookMs / 1000).toFixed(1)} s`),
    quietLog(gateway),
  ];
}

/** One exchange that takes so long, and may be over before the end has begun; resolves to what was wrong with it. */
function exchange(
  port: number,
  token: number,
  delayMs: number,
  isTold: boolean,
): Promise<string | undefined> {
  const target = shortTarget(token, delayMs);
  const connection = new HttpConnection(connect({ host: '127.0.0.1', port, noDelay: true }));
  return new Promise((resolve) => {
    connection.send([Buffer.from(`GET ${target} HTTP/1.1\r\nHost: load.test\r\n\r\n`)], {
      ended: ({ startLine, closes }) => {
        if (!startLine.startsWith('HTTP/1.1 200 ')) resolve(startLine);
        else resolve(closes || !isTold ? undefined : 'answered without a word of the end');
      },
      lost: ({ reason }) => resolve(`${reason}, for an answer after ${delayMs} ms`),
    });
  });
}

function untold(partings: readonly Parting[], remainder: number, due: Parting): string {
  const others = partings.filter((parting, at) => at % 2 === remainder && parting !== due);
  return others.length === 0 ? 'none' : `${others.length}: ${others[0]}`;
}

/** The sum over the lines of the log that tell of it. */
function forcedIn(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Number(/"forced":(\d+)/.exec(line)?.[1] ?? 0), 0);
}
