import { freePort } from '../../support/process/free-port.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { IdleConnections } from '../client/idle-connections.ts';
import type { MemoryReading } from '../gateway/memory-reading.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';

export type BurstSettings = { bursts: number; connections: number };

export const BURSTS_LONG: BurstSettings = { bursts: 20, connections: 10_000 };
export const BURSTS_SHORT: BurstSettings = { bursts: 3, connections: 100 };

const MIB = 1_048_576;
const MOST_TIMES_FIRST = 1.2;

/** That connections which come and go in crowds leave no more behind after the last crowd than after the first. */
export async function bursts(
  bench: LoadBench,
  { bursts, connections: count }: BurstSettings,
): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const port = await freePort();
  const to = `http://127.0.0.1:${origin.port}`;
  const args = [
    'proxy',
    '--to',
    to,
    '--listen',
    `127.0.0.1:${port}`,
    '--set',
    'idle-state.allIdleMs=3600000',
  ];
  const gateway = await bench.startGateway({ name: 'bursts', args, port });
  const connections = new IdleConnections(port, false);
  const readings: MemoryReading[] = [];
  for (let burst = 1; burst <= bursts; burst += 1) {
    await connections.growTo(count);
    await connections.close();
    const reading = await memoryAtRest(gateway, origin);
    readings.push(reading);
    bench.progress(`bursts: ${burst}, RSS ${mib(reading.rss)}, heap ${mib(reading.heapUsed)}`);
  }
  const course = (of: (reading: MemoryReading) => number): number[] => readings.map(of);
  return [
    ...growth(
      'RSS',
      course(({ rss }) => rss),
    ),
    ...growth(
      'heap in use',
      course(({ heapUsed }) => heapUsed),
    ),
    ...(['fds', 'sockets', 'timers'] as const).map((what) => {
      const [first, ...others] = [...new Set(course((reading) => reading[what]))];
      return exactly('20', `${what} after each burst`, [first, ...others].join(' '), String(first));
    }),
  ];
}

function growth(what: string, values: readonly number[]): Finding[] {
  const times = (values.at(-1) ?? Number.NaN) / (values[0] ?? Number.NaN);
  return [
    atMost('20', `${what} after the last burst, of that after the first`, times, MOST_TIMES_FIRST),
    noted('20', `${what} after each, in MiB`, values.map(mib).join(' ')),
  ];
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(1);
}
