import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import type { GatewayUnderTest } from '../gateway/gateway-under-test.ts';
import { startListeners, type ListeningGateway } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import { corpus, HOSTILE_PREFIX, type CorpusEntry } from './corpus.ts';
import { HostileOrigin } from './hostile-origin.ts';
import { MANNERS, replayCase } from './replay-client.ts';

export type ReplaySettings = {
  durationMs: number;
  /** Cases under way at a time. */
  clients: number;
  /** Normal requests a second beside them. */
  ratePerSecond: number;
  /** Of so many cases one is measured alone. */
  measuredOf: number;
  /** Whether the bound on the CPU time of a case is applied. */
  isTimed: boolean;
};

export const REPLAY_LONG: ReplaySettings = {
  durationMs: 180_000,
  clients: 64,
  ratePerSecond: 1_000,
  measuredOf: 1,
  isTimed: true,
};
export const REPLAY_SHORT: ReplaySettings = {
  durationMs: 4_000,
  clients: 32,
  ratePerSecond: 100,
  measuredOf: 40,
  isTimed: false,
};

const MOST_CPU_MS = 5;
/** What else the machine does counts too; the shortest of some times is the case's own. */
const TRIES = 5;
/** Shorter than the defaults: cases that stall would hold all clients. */
const SILENCE = { responseTimeoutMs: 2_000 };

/** That the whole corpus at full speed ends nothing, and costs no normal request. */
export async function replay(bench: LoadBench, settings: ReplaySettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const hostile = await HostileOrigin.start();
  const listening = await startListeners(bench, {
    name: 'replay',
    originPort: origin.port,
    more: {
      origins: [
        { name: 'load', servers: [`127.0.0.1:${origin.port}`], options: SILENCE },
        { name: 'hostile', servers: [`127.0.0.1:${hostile.port}`], options: SILENCE },
      ],
      routes: [
        { prefix: HOSTILE_PREFIX, origin: 'hostile' },
        { prefix: '/', origin: 'load' },
      ],
    },
  });
  const { gateway } = listening;
  const normal = await bench.startNormalTraffic();
  const cases = corpus();
  const origins = {
    closeConnections: (): Promise<void> => {
      hostile.closeConnections();
      return origin.closeConnections();
    },
  };
  try {
    await replayAll(listening, cases, settings.clients, (taken) => taken >= cases.length);
    // What stalls there is given up first, or its end would be charged to others.
    await memoryAtRest(gateway, origins);
    const measured = cases.filter((_, at) => at % settings.measuredOf === 0);
    const longest = await longestOf(listening, measured, bench.progress);
    const base = await memoryAtRest(gateway, origins);
    await normal.start(listening.plain, settings.ratePerSecond);
    await gateway.loopDelay();
    const startedAtMs = performance.now();
    const isOver = (): boolean => performance.now() - startedAtMs >= settings.durationMs;
    const replayed = await replayAll(listening, cases, settings.clients, isOver);
    const { p99Ms, maxMs } = await gateway.loopDelay();
    const { answered, failed, firstFailure } = await normal.stop();
    const after = await memoryAtRest(gateway, origins);
    const metrics = await gateway.metrics();
    const name = `most CPU time for one case, of ${measured.length}: ${longest.id}`;
    return [
      noted('26', `cases that were replayed, of ${cases.length} kinds`, String(replayed)),
      noted('26', 'normal requests beside them', String(answered)),
      exactly('26', 'normal requests that failed', firstFailure ?? failed, 0),
      settings.isTimed
        ? atMost('27', name, longest.cpuMs, MOST_CPU_MS, 'ms')
        : noted('27', name, `${longest.cpuMs.toFixed(1)} ms`),
      noted('28', 'delay of the event loop', `p99 ${p99Ms.toFixed(1)} ms, at most ${maxMs.toFixed(1)} ms`),
      ...leftOver('replay', base, after),
      ...connectionAccounts(metrics),
      quietLog(gateway),
      exactly('26', 'end of the gateway on SIGTERM', await gateway.end(), 'exited with 0'),
    ];
  } finally {
    await hostile.close();
  }
}

/** Lets clients take one case after the other until `isOver`; resolves to how many they were. */
async function replayAll(
  listening: ListeningGateway,
  cases: readonly CorpusEntry[],
  clients: number,
  isOver: (taken: number) => boolean,
): Promise<number> {
  let taken = 0;
  const run = async (): Promise<void> => {
    while (!isOver(taken)) {
      const at = taken;
      taken += 1;
      const next = cases[at % cases.length];
      // Another manner for the same case each time round.
      if (next) await replayCase(listening, next, mannerOf(at + Math.floor(at / cases.length)));
      // A connection that can't even be begun ends within the same turn.
      await nextTurn();
    }
  };
  await Promise.all(Array.from({ length: clients }, run));
  return taken;
}

/** The case that took most CPU time: as long as a block of the event loop by it can have been at most. */
async function longestOf(
  listening: ListeningGateway,
  cases: readonly CorpusEntry[],
  progress: (line: string) => void,
): Promise<{ id: string; cpuMs: number }> {
  let longest = { id: 'none', cpuMs: 0 };
  for (const one of cases) {
    const cpuMs = await cpuOf(listening, one, longest.cpuMs);
    if (cpuMs > longest.cpuMs) longest = { id: one.id, cpuMs };
  }
  progress(`replay: ${longest.id} takes ${longest.cpuMs.toFixed(1)} ms of CPU time`);
  return longest;
}

/** The shortest of some times; of one alone when that is not above `uninteresting`. */
async function cpuOf(listening: ListeningGateway, one: CorpusEntry, uninteresting: number): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < TRIES && shortest > uninteresting; tries += 1) {
    await cpuSince(listening.gateway);
    await replayCase(listening, one, 'whole, then ends');
    shortest = Math.min(shortest, await cpuSince(listening.gateway));
  }
  return shortest;
}

async function cpuSince(gateway: GatewayUnderTest): Promise<number> {
  return (await gateway.loopDelay()).cpuMs;
}

function mannerOf(at: number): (typeof MANNERS)[number] {
  return MANNERS[at % MANNERS.length] ?? 'in two pieces';
}
