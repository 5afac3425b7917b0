import type { Clock } from '@sluice/core';

/** How long to wait for a full pipe before the next try, in ms. */
const RETRY_MS = 10;

/** What a pipe takes whole or not at all: PIPE_BUF of Linux. */
const ATOMIC_BYTES = 4096;
const LINE_FEED = 10;

/** Whether a write that does not wait has failed because the reader of a pipe is behind. */
export function isFullPipe(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN';
}

/** Resolves to what was written meanwhile, which is nothing, when it is time for the next try. */
export async function waitForRoom(clock: Pick<Clock, 'schedule'>): Promise<0> {
  await new Promise<void>((resolve) => void clock.schedule(RETRY_MS, resolve));
  return 0;
}

/** As many whole lines as a pipe takes at once; the first line when it is longer than that. */
export function wholeLines(bytes: Buffer): Buffer {
  if (bytes.length <= ATOMIC_BYTES) return bytes;
  const last = bytes.lastIndexOf(LINE_FEED, ATOMIC_BYTES - 1);
  const end = last >= 0 ? last : bytes.indexOf(LINE_FEED, ATOMIC_BYTES);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}
