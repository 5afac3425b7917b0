/** The part of a limit for the whole program that each worker gets, rounded up; 0 or less means no limit and stays. */
export function workerShare(limit: number, workers: number): number {
  return limit > 0 ? Math.ceil(limit / workers) : limit;
}
