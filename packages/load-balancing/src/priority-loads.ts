/**
 * The share of requests for each priority, in whole percent; 100 together, or 0 when none has health.
 *
 * A priority gets what its health is good for, and what is left goes to the next. When all of them
 * together can't take 100 %, their healths are scaled up so that they do.
 */
export function priorityLoads(healths: readonly number[]): number[] {
  const total = totalHealth(healths);
  let left = total === 0 ? 0 : 100;
  const loads = healths.map((health) => {
    const load = total === 0 ? 0 : Math.min(left, Math.floor((health * 100) / total));
    left -= load;
    return load;
  });
  return giveRest(loads, left, (at) => (healths[at] ?? 0) > 0);
}

/** The shares when no priority is fit: by their numbers of hosts. */
export function panicLoads(hostCounts: readonly number[]): number[] {
  const total = hostCounts.reduce((sum, count) => sum + count, 0);
  const loads = hostCounts.map((count) => (total === 0 ? 0 : Math.floor((count * 100) / total)));
  const given = loads.reduce((sum, load) => sum + load, 0);
  return giveRest(loads, total === 0 ? 0 : 100 - given, (at) => (hostCounts[at] ?? 0) > 0);
}

/** What a priority is good for, in whole percent of all requests. */
export function healthPercent(healthy: number, total: number, overprovisioningFactor: number): number {
  // Rounded first: 1.4 × 100 is 140, not 139.99….
  const percent = total === 0 ? 0 : Math.round((overprovisioningFactor * 100 * healthy * 1e6) / total) / 1e6;
  return Math.min(100, Math.floor(percent));
}

/** What all priorities together are good for, at most 100. */
export function totalHealth(healths: readonly number[]): number {
  return Math.min(
    100,
    healths.reduce((sum, health) => sum + health, 0),
  );
}

// Rounding down leaves a few percent: they go to the first that can take any.
function giveRest(loads: number[], rest: number, canTake: (at: number) => boolean): number[] {
  const first = loads.findIndex((_load, at) => canTake(at));
  return loads.map((load, at) => (at === first ? load + rest : load));
}
