import { performance } from 'node:perf_hooks';
import { freePort } from '../../support/process/free-port.ts';
import { treeUsage } from '../../support/process/process-tree.ts';
import { atMost, exactly, type Finding } from '../finding.ts';
import type { LoadBench } from '../load-bench.ts';

export type StartSettings = {
  starts: number;
  mostRssMib: number;
  /** Whether the bound on the time is applied. */
  isTimed: boolean;
};

export const STARTS_LONG: StartSettings = { starts: 10, mostRssMib: 90, isTimed: true };
/** Pages that files share count as well, and how many there are differs between machines. */
export const STARTS_SHORT: StartSettings = { starts: 1, mostRssMib: 140, isTimed: false };

const MIB = 1_048_576;
const READY_WITHIN_S = 1;

/** What a gateway takes that has answered one request, and how soon it does. */
export async function starts(bench: LoadBench, settings: StartSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const rss: number[] = [];
  const seconds: number[] = [];
  const ends = new Set<string>();
  for (let start = 1; start <= settings.starts; start += 1) {
    const port = await freePort();
    const args = ['proxy', '--to', `http://127.0.0.1:${origin.port}`, '--listen', `127.0.0.1:${port}`];
    const startedAtMs = performance.now();
    const gateway = await bench.startGateway({ name: `start-${start}`, args, port, isProbed: false });
    seconds.push((performance.now() - startedAtMs) / 1000);
    rss.push(treeUsage(gateway.pid).rssBytes / MIB);
    ends.add(await gateway.end());
  }
  return [
    atMost(
      '15',
      'RSS after the first request, the most of all starts',
      Math.max(...rss),
      settings.mostRssMib,
      'MiB',
    ),
    ...(settings.isTimed
      ? [
          atMost(
            '15',
            'time to the first answer, the most of all starts',
            Math.max(...seconds),
            READY_WITHIN_S,
            's',
          ),
        ]
      : []),
    exactly('15', 'ends on SIGTERM', [...ends].join(', '), 'exited with 0'),
  ];
}
