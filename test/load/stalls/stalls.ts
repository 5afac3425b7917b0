import { setTimeout as delay } from 'node:timers/promises';
import { connectionAccounts, leftOver, quietLog } from '../accounts.ts';
import { atMost, exactly, noted, type Finding } from '../finding.ts';
import { startListeners, type ListeningGateway } from '../gateway/listeners.ts';
import type { LoadBench } from '../load-bench.ts';
import { memoryAtRest } from '../memory/memory-at-rest.ts';
import type { LoadOrigin } from '../origin/load-origin.ts';
import { StalledConnections, type StallDirection } from './stalled-connections.ts';

export type StallSettings = {
  connections: number;
  /** Length of each body. */
  bytes: number;
  /** Whether the bar of RSS is applied; of a few connections it says too little. */
  isMeasured: boolean;
};

export const STALLS_LONG: StallSettings = { connections: 1_000, bytes: 100 * 1_048_576, isMeasured: true };
export const STALLS_SHORT: StallSettings = { connections: 30, bytes: 16 * 1_048_576, isMeasured: false };

const KIB = 1024;
/** What one may cost. */
const BAR_KIB = 256;
/** Buffers that are allocated, though the system has not given all their pages yet: far less than what there is to send. */
const BUFFER_BAR_KIB = 1_024;
const SAMPLE_MS = 250;
const SETTLED_WITHIN_MS = 30_000;
const LIMITS = { maxConnections: 4_096, maxRequests: 4_096, responseTimeoutMs: 600_000 };

/** That a peer which takes nothing stops the other side, at a bounded cost, both ways. */
export async function stalls(bench: LoadBench, settings: StallSettings): Promise<Finding[]> {
  const origin = await bench.startOrigin();
  const findings: Finding[] = [];
  // A gateway for each: pages that one direction has left free would hide the cost of the other.
  for (const direction of ['download', 'upload'] as const) {
    const listening = await startListeners(bench, {
      name: direction,
      originPort: origin.port,
      originOptions: LIMITS,
    });
    findings.push(...(await stall(direction, listening, origin, settings)));
    await listening.gateway.end();
  }
  return findings;
}

async function stall(
  direction: StallDirection,
  { gateway, plain }: ListeningGateway,
  origin: LoadOrigin,
  { connections: count, bytes, isMeasured }: StallSettings,
): Promise<Finding[]> {
  const bar = direction === 'download' ? '18' : '19';
  const connections = new StalledConnections(plain, direction, bytes);
  await connections.growTo(1);
  connections.close();
  const base = await memoryAtRest(gateway, origin);
  const streamedBefore = (await origin.counts()).streamedBytes;
  await connections.growTo(count);
  const moved = async (): Promise<number> =>
    direction === 'upload' ? connections.sentBytes : (await origin.counts()).streamedBytes - streamedBefore;
  const isStill = await settles(moved);
  const { rss, arrayBuffers } = await gateway.memory();
  const movedKib = (await moved()) / count / KIB;
  const { ended } = connections;
  connections.close();
  const after = await memoryAtRest(gateway, origin);
  const costKib = (rss - base.rss) / count / KIB;
  const bufferKib = (arrayBuffers - base.arrayBuffers) / count / KIB;
  const rssName = `${direction}: RSS of a stalled connection`;
  return [
    exactly(bar, `${direction}: bytes stop moving`, String(isStill), 'true'),
    exactly(bar, `${direction}: connections that were ended`, ended, 0),
    noted(
      bar,
      `${direction}: bytes that left their sender, kernel included`,
      `${movedKib.toFixed(0)} KiB each`,
    ),
    isMeasured
      ? atMost(bar, rssName, costKib, BAR_KIB, 'KiB')
      : noted(bar, rssName, `${costKib.toFixed(1)} KiB`),
    atMost(bar, `${direction}: its ArrayBuffers, allocated`, bufferKib, BUFFER_BAR_KIB, 'KiB'),
    ...leftOver(direction, base, after),
    ...connectionAccounts(await gateway.metrics()),
    quietLog(gateway),
  ];
}

/** Waits until the figure is the same twice. */
async function settles(figure: () => Promise<number>): Promise<boolean> {
  const deadline = performance.now() + SETTLED_WITHIN_MS;
  let last = -1;
  while (performance.now() < deadline) {
    const now = await figure();
    if (now === last) return true;
    last = now;
    await delay(SAMPLE_MS);
  }
  return false;
}
