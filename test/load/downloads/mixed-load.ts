import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { PacedCounts } from '../client/paced-client.ts';
import type { NormalTraffic } from '../normal/normal-traffic.ts';
import { download } from './download-client.ts';

/** Where clients get what they ask for: a proxy, or the origins themselves. */
export type Way = { name: string; smallPort: number; downloadPort: number };

/** What of the load a program may set. */
export type MixedLoad = {
  clients: number;
  /** Length of each download. */
  bytes: number;
  /** Small requests a second, alone and beside the downloads. */
  ratePerSecond: number;
  /** How long those are measured alone. */
  aloneMs: number;
};

/** What came of it. */
export type Mixed = {
  alone: PacedCounts;
  beside: PacedCounts;
  /** Bytes of each download. */
  received: readonly number[];
  /** How long all of them took. */
  seconds: number;
};

/** Sends small requests alone, then beside downloads as fast as they go; `besideBegins` is called in between. */
export async function mixedLoad(
  { smallPort, downloadPort }: Way,
  normal: NormalTraffic,
  { clients, bytes, ratePerSecond, aloneMs }: MixedLoad,
  besideBegins: () => Promise<void> = async () => {},
): Promise<Mixed> {
  await normal.start(smallPort, ratePerSecond);
  await delay(aloneMs);
  const alone = await normal.take();
  await besideBegins();
  const startedAtMs = performance.now();
  const received = await Promise.all(Array.from({ length: clients }, () => download(downloadPort, bytes)));
  const seconds = (performance.now() - startedAtMs) / 1000;
  const beside = await normal.stop();
  return { alone, beside, received, seconds };
}
