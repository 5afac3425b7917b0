import { connect } from 'node:net';
import { HttpConnection } from '../client/http-connection.ts';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { exactly, type Finding } from '../finding.ts';
import { startListeners } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import { CUTS, targetOfCut, type CutAnswer } from './cut.ts';
import { CuttingOrigin } from './cutting-origin.ts';

export type TruncationSettings = {
  /** Answers that break off. */
  answers: number;
  /** Under way at a time. */
  clients: number;
};

export const TRUNCATED_LONG: TruncationSettings = { answers: 10_000, clients: 32 };
export const TRUNCATED_SHORT: TruncationSettings = { answers: 400, clients: 8 };

const SIZES = [64, 5_000, 200_000];
/** A prime, so that answers break off at all kinds of places. */
const STEP = 7_919;
const MOST_SHOWN = 3;

/** That no answer that breaks off looks whole to the client. */
export async function truncated(bench: LoadBench, settings: TruncationSettings): Promise<Finding[]> {
  const plain = await CuttingOrigin.start();
  const tls = await CuttingOrigin.start(bench.certificate());
  const { gateway, plain: port } = await startListeners(bench, {
    name: 'truncated',
    originPort: plain.port,
    more: {
      origins: [
        { name: 'plain', servers: [`127.0.0.1:${plain.port}`] },
        {
          name: 'tls',
          servers: [`127.0.0.1:${tls.port}`],
          tls: { ca: [bench.caFile], serverName: 'load.test' },
        },
      ],
      routes: [
        { prefix: '/tls/', origin: 'tls' },
        { prefix: '/', origin: 'plain' },
      ],
    },
  });
  const origins = {
    async closeConnections(): Promise<void> {
      await Promise.all([plain.closeConnections(), tls.closeConnections()]);
    },
  };
  try {
    await askAll(port, { ...settings, answers: settings.clients * CUTS.length });
    const base = await memoryAtRest(gateway, origins);
    const seen = await askAll(port, settings);
    const after = await memoryAtRest(gateway, origins);
    const whole = seen.filter(({ outcome }) => outcome === 'whole').map(({ target }) => target);
    return [
      ...CUTS.map((cut) => {
        const ofKind = seen.filter(({ target }) => target.includes(`/${cut}/`));
        const due = cut.endsWith('rst') ? DUE_AFTER_RESET : DUE;
        const right = ofKind.filter(({ outcome }) => due.has(outcome)).length;
        return exactly(
          '4',
          `${cut}: answers that the client saw ${[...due].join(' or ')}`,
          right,
          ofKind.length,
        );
      }),
      exactly('4', 'answers that looked whole', whole.slice(0, MOST_SHOWN).join(', ') || 'none', 'none'),
      ...leftOver('truncated', base, after),
      ...connectionAccounts(await gateway.metrics()),
      quietLog(gateway),
    ];
  } finally {
    await Promise.all([plain.close(), tls.close()]);
  }
}

/** What the client gets: all of a success, a part of it, or an error of the gateway's own. */
type Outcome = 'whole' | 'cut' | 'refused';
type Seen = { target: string; outcome: Outcome };

const DUE: ReadonlySet<Outcome> = new Set(['cut']);
/** A reset may take what came before it along. */
const DUE_AFTER_RESET: ReadonlySet<Outcome> = new Set(['cut', 'refused']);

async function askAll(port: number, { answers, clients }: TruncationSettings): Promise<Seen[]> {
  const queue = Array.from({ length: answers }, (_, at) => cutAnswer(at)).values();
  const seen: Seen[] = [];
  const run = async (): Promise<void> => {
    for (const answer of queue) {
      const target = targetOfCut(answer);
      seen.push({ target, outcome: await ask(port, target) });
    }
  };
  await Promise.all(Array.from({ length: clients }, run));
  return seen;
}

function cutAnswer(at: number): CutAnswer {
  const cut = CUTS[at % CUTS.length] ?? 'length-fin';
  const bytes = SIZES[Math.floor(at / CUTS.length) % SIZES.length] ?? 64;
  return { cut, bytes, sent: (at * STEP) % bytes };
}

function ask(port: number, target: string): Promise<Outcome> {
  const connection = new HttpConnection(connect({ host: '127.0.0.1', port, noDelay: true }));
  return new Promise((resolve) => {
    connection.send([Buffer.from(`GET ${target} HTTP/1.1\r\nHost: load.test\r\n\r\n`)], {
      ended({ startLine }) {
        connection.abort('end');
        resolve(startLine.startsWith('HTTP/1.1 200 ') ? 'whole' : 'refused');
      },
      lost: ({ hasBegun }) => resolve(hasBegun ? 'cut' : 'refused'),
    });
  });
}
