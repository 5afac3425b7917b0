import { Agent } from 'node:http';
import { performance } from 'node:perf_hooks';
import { typescriptLaunch } from '../../support/process/typescript-launch.ts';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { exactly, noted, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import { exchangeBody, type Body } from './body-client.ts';

export type BodySettings = {
  /** The lengths, each with both framings and in both directions. */
  sizes: readonly number[];
  /** All of them again until so long has passed. */
  durationMs: number;
  /** Bodies under way at a time. */
  clients: number;
};

const MIB = 1_048_576;
const GIB = 2 ** 30;
const SMALL_SIZES = [0, 1, 2, 65_535, 65_536, 65_537, MIB - 1, MIB, MIB + 1];

export const BODIES_LONG: BodySettings = {
  sizes: [...SMALL_SIZES, 16 * MIB, 100_000_000, GIB],
  durationMs: 180_000,
  clients: 4,
};
export const BODIES_SHORT: BodySettings = { sizes: [...SMALL_SIZES, 8 * MIB], durationMs: 0, clients: 4 };

const START_MS = 15_000;
const MOST_SHOWN = 3;

/** That bodies of all lengths come through as they were, both ways, told by their SHA-256 at both ends. */
export async function bodies(bench: LoadBench, settings: BodySettings): Promise<Finding[]> {
  const origin = bench.processes.start(
    typescriptLaunch(new URL('main.ts', import.meta.url), bench.directory),
  );
  const { port: originPort } = (await origin.nextMessage(START_MS)) as { port: number };
  const { gateway, plain } = await startListeners(bench, { name: 'bodies', originPort });
  const ends = {
    async closeConnections(): Promise<void> {
      await origin.ask({}, START_MS);
    },
  };
  await sendAll(plain, { ...settings, sizes: SMALL_SIZES, durationMs: 0 });
  const base = await memoryAtRest(gateway, ends);
  const { sent, wrong } = await sendAll(plain, settings, bench.progress);
  const after = await memoryAtRest(gateway, ends);
  const bytes = sent.reduce((sum, body) => sum + body.bytes, 0);
  return [
    noted('3', 'bodies, and what they were together', `${sent.length}, ${(bytes / GIB).toFixed(2)} GiB`),
    noted('3', 'the longest', `${(Math.max(...settings.sizes) / MIB).toFixed(0)} MiB`),
    exactly(
      '3',
      'bodies with another SHA-256 than was due',
      wrong.slice(0, MOST_SHOWN).join('; ') || 'none',
      'none',
    ),
    ...leftOver('bodies', base, after),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway),
  ];
}

async function sendAll(
  port: number,
  { sizes, durationMs, clients }: BodySettings,
  progress: (line: string) => void = () => {},
): Promise<{ sent: Body[]; wrong: string[] }> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const startedAtMs = performance.now();
  const sent: Body[] = [];
  const wrong: string[] = [];
  do {
    const queue = everyBody(sizes, sent.length).values();
    const run = async (): Promise<void> => {
      for (const body of queue) {
        const fault = await exchangeBody(agent, port, body);
        sent.push(body);
        if (fault !== undefined) wrong.push(fault);
      }
    };
    await Promise.all(Array.from({ length: clients }, run));
    progress(`bodies: ${sent.length} were sent, ${wrong.length} wrong`);
  } while (performance.now() - startedAtMs < durationMs);
  agent.destroy();
  return { sent, wrong };
}

function everyBody(sizes: readonly number[], firstToken: number): Body[] {
  const framings = ['length', 'chunked'] as const;
  const directions = ['down', 'up'] as const;
  let token = firstToken;
  return sizes.flatMap((bytes) =>
    framings.flatMap((framing) =>
      directions.map((direction) => ({ token: token++, bytes, framing, direction })),
    ),
  );
}
