import type { WorkerPlace } from './worker-place.ts';

/**
 * The part of a limit of the whole gateway that one of its processes has. The parts add up to the
 * limit; but each is at least 1, so that every process can do something. 0 and less, which stand for
 * no limit, stay what they are.
 */
export function shareOf(limit: number, { worker, workers }: WorkerPlace): number {
  if (!(limit > 0) || !Number.isFinite(limit)) return limit;
  const [each, rest] = [Math.floor(limit / workers), limit % workers];
  return Math.max(1, worker <= rest ? each + 1 : each);
}
