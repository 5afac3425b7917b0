import type { Host } from '@sluice/load-balancing';

export interface TestHost extends Host {
  isHealthy: boolean;
  activeRequests: number;
}

export function host(name: string, rest: Partial<Host> = {}): TestHost {
  return {
    name,
    weight: 1,
    priority: 0,
    isHealthy: true,
    activeRequests: 0,
    readySinceMs: 0,
    ...rest,
  };
}

export function hosts(count: number, rest: Partial<Host> = {}): TestHost[] {
  return Array.from({ length: count }, (_, at) => host(`10.0.${Math.trunc(at / 250)}.${at % 250}:80`, rest));
}

/** The same numbers between 0 and 1 for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b_79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often each name came up. */
export function counts(rounds: number, pick: (round: number) => Host | undefined): Record<string, number> {
  const seen: Record<string, number> = {};
  for (let round = 0; round < rounds; round++) {
    const name = pick(round)?.name ?? 'none';
    seen[name] = (seen[name] ?? 0) + 1;
  }
  return seen;
}
