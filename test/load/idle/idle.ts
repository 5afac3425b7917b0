import { join } from 'node:path';
import { fitLine } from '../../support/measure/regression.ts';
import { freePort } from '../../support/process/free-port.ts';
import { IdleConnections } from '../client/idle-connections.ts';
import { connectionAccounts, leftOver } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import type { GatewayUnderTest } from '../gateway/gateway-under-test.ts';
import type { MemoryReading } from '../gateway/memory-reading.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import type { LoadOrigin } from '../origin/load-origin.ts';
import { growthPerConnection, heapShares } from '../memory/heap-statistics.ts';
import type { IdleKind, IdleSettings } from './idle-settings.ts';

const KIB = 1024;
const BARS_KIB = { plain: 14, admin: 14, uploaded: 14, tls: 64 } as const;
/** RSS of a few connections is chance; what of it is heap is not. */
const HEAP_BARS_KIB = { plain: 26, admin: 26, uploaded: 26, tls: 40 } as const;
const BREAKDOWN_LINES = 40;

/** What idle connections with the full handler list cost, and that nothing of them stays. */
export async function idle(bench: LoadBench, settings: IdleSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const findings: Finding[] = [];
  for (const kind of settings.kinds) findings.push(...(await idleOf(bench, origin, kind, settings)));
  return findings;
}

async function idleOf(
  bench: LoadBench,
  origin: LoadOrigin,
  kind: IdleKind,
  settings: IdleSettings,
): Promise<Finding[]> {
  const port = await freePort();
  const gateway = await startGateway(bench, kind, port, origin.port);
  const connections = new IdleConnections(port, kind === 'tls', kind === 'uploaded' ? 'upload' : 'get');
  await warmUp(gateway, connections, settings.warmUp);
  const base = await memoryAtRest(gateway, origin);
  if (settings.breakdown > 0) return breakdown(bench, gateway, connections, settings.breakdown);
  const readings: [number, MemoryReading][] = [];
  for (let step = 1; step <= settings.steps; step += 1) {
    await connections.growTo(Math.round((settings.connections * step) / settings.steps));
    readings.push([connections.count, await gateway.memory()]);
    bench.progress(`idle ${kind}: ${connections.count} connections`);
  }
  const { endedByPeer } = connections;
  await connections.close();
  const after = await memoryAtRest(gateway, origin);
  return [
    ...costOf(kind, readings, settings),
    exactly('16', `${kind}: idle connections that the gateway ended`, endedByPeer, 0),
    ...leftOver(kind, base, after),
    ...(kind === 'admin' ? connectionAccounts(await gateway.metrics()) : []),
    exactly('16', `${kind}: end of the gateway on SIGTERM`, await gateway.end(), 'exited with 0'),
  ];
}

async function startGateway(
  bench: LoadBench,
  kind: IdleKind,
  port: number,
  originPort: number,
): Promise<GatewayUnderTest> {
  const to = `http://127.0.0.1:${originPort}`;
  const args = ['proxy', '--to', to, '--listen', `127.0.0.1:${port}`];
  // Nothing may end while it is counted: neither clients nor the pool.
  args.push('--set', 'idle-state.allIdleMs=3600000', '--upstream-idle-timeout-ms', '3600000');
  if (kind === 'tls') args.push(...bench.tlsArguments());
  if (kind !== 'admin') return bench.startGateway({ name: kind, args, port, isTls: kind === 'tls' });
  const adminPort = await freePort();
  args.push('--admin', `127.0.0.1:${adminPort}`);
  return bench.startGateway({ name: kind, args, port, adminPort });
}

async function warmUp(gateway: GatewayUnderTest, connections: IdleConnections, count: number): Promise<void> {
  for (let times = 0; times < 2; times += 1) {
    await connections.growTo(count);
    await connections.close();
    // Its collections belong to what is warmed up.
    await gateway.memory();
  }
}

function costOf(
  kind: IdleKind,
  readings: readonly (readonly [number, MemoryReading])[],
  { isMeasured }: IdleSettings,
): Finding[] {
  const kibOf = (figure: (reading: MemoryReading) => number): number =>
    fitLine(readings.map(([count, reading]) => [count, figure(reading) / KIB] as const)).slope;
  const bar = kind === 'tls' ? '17' : '16';
  const name = `${kind}: a connection (slope)`;
  const [rss, heap] = [kibOf(({ rss }) => rss), kibOf(({ heapUsed }) => heapUsed)];
  const part = (what: string, figure: (reading: MemoryReading) => number): Finding =>
    noted(bar, `${name}, ${what}`, `${kibOf(figure).toFixed(2)} KiB`);
  return [
    isMeasured
      ? atMost(bar, `${name}, RSS`, rss, BARS_KIB[kind], 'KiB')
      : noted(bar, `${name}, RSS`, `${rss.toFixed(2)} KiB`),
    atMost(bar, `${name}, heap in use`, heap, HEAP_BARS_KIB[kind], 'KiB'),
    part('ArrayBuffers', ({ arrayBuffers }) => arrayBuffers),
    part('outside of the heap', ({ rss, heapTotal }) => rss - heapTotal),
  ];
}

/** What the heap of a connection is, by constructor. */
async function breakdown(
  bench: LoadBench,
  gateway: GatewayUnderTest,
  connections: IdleConnections,
  count: number,
): Promise<Finding[]> {
  const [before, after] = ['before', 'after'].map((name) => join(bench.directory, `${name}.heapsnapshot`));
  if (before === undefined || after === undefined) return [];
  await gateway.heapSnapshot(before);
  await connections.growTo(count);
  await gateway.heapSnapshot(after);
  const shares = growthPerConnection(heapShares(before), heapShares(after), count);
  const total = shares.reduce((sum, { bytes }) => sum + bytes, 0);
  const line = (name: string, bytes: number, objects: string): Finding =>
    noted('16', name, `${bytes.toFixed(0)} B${objects}`);
  return [
    line('heap of a connection', total, ''),
    ...shares
      .slice(0, BREAKDOWN_LINES)
      .map(({ kind, count, bytes }) => line(kind, bytes, ` in ${count.toFixed(1)}`)),
  ];
}
