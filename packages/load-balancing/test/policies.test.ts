import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityLoadBalancer } from '@sluice/load-balancing';
import type { LoadBalancerOptions } from '@sluice/load-balancing';
import { counts, host, hosts, seeded } from './support.ts';
import type { TestHost } from './support.ts';

describe('round robin', () => {
  it('takes hosts of one weight in turn', () => {
    const balancer = balancerOf(hosts(3));

    const first = balancer.choose();
    const second = balancer.choose();
    const third = balancer.choose();

    expect(new Set([first, second, third]).size).toBe(3);
    expect(balancer.choose()).toBe(first);
  });

  it('begins anywhere, so that many gateways do not begin at one host', () => {
    const starts = Array.from({ length: 50 }, (_, seed) => balancerOf(hosts(3), {}, seed).choose()?.name);

    expect(new Set(starts).size).toBe(3);
  });

  it('gives each host its weight, within a turn or two at any time', () => {
    const weights = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(weights, fc.nat(), (given, seed) => {
        const all = given.map((weight, at) => host(String(at), { weight }));
        const balancer = balancerOf(all, {}, seed);
        const total = given.reduce((sum, weight) => sum + weight, 0);
        const seen: Record<string, number> = {};
        for (let picks = 1; picks <= 5 * total; picks++) {
          const name = balancer.choose()?.name ?? 'none';
          seen[name] = (seen[name] ?? 0) + 1;
          if (picks % total !== 0) continue;
          for (const host of all) {
            const fair = (host.weight * picks) / total;
            expect(Math.abs((seen[host.name] ?? 0) - fair)).toBeLessThan(
              1 + (all.length * host.weight) / total,
            );
          }
        }
      }),
    );
  });

  it('spreads the turns of a heavy host between those of the others', () => {
    const balancer = balancerOf([host('heavy', { weight: 3 }), host('b'), host('c')]);
    const names = Array.from({ length: 500 }, () => balancer.choose()?.name).join(' ');

    expect(names).not.toMatch(/(?:heavy ){4}/);
  });

  it('chooses nobody among none', () => {
    expect(balancerOf([]).choose()).toBeUndefined();
  });
});

describe('least request', () => {
  it('takes the less busy of two', () => {
    const balancer = balancerOf([host('idle'), host('busy', { activeRequests: 1 })], {
      policy: 'least-request',
    });

    const { busy = 0 } = counts(4000, () => balancer.choose());

    // Drawn twice in one of four cases, and then there is no other to take.
    expect(Math.round(busy / 200)).toBe(5);
  });

  it('prefers a light load to a full one as the weights say', () => {
    const all = [host('a', { weight: 2 }), host('b', { weight: 2, activeRequests: 1 }), host('c')];
    const balancer = balancerOf(all, { policy: 'least-request' });

    const { a = 0, b = 0, c = 0 } = counts(4000, () => balancer.choose());

    // 2/(0+1), 2/(1+1) and 1/(0+1).
    expect([a, b, c].map((count) => Math.round(count / 100))).toEqual([20, 10, 10]);
  });

  it('looks away from the load at a bias of 0', () => {
    const all = [host('a', { weight: 3, activeRequests: 9 }), host('b')];
    const balancer = balancerOf(all, { policy: 'least-request', activeRequestBias: 0 });

    const { a = 0 } = counts(400, () => balancer.choose());

    expect(Math.round(a / 10)).toBe(30);
  });

  it('keeps the fullest of 100 hosts near the average, far below what a blind draw does', () => {
    expect(fullest('least-request')).toBeLessThanOrEqual(14);
    expect(fullest('random')).toBeGreaterThan(16);
  });
});

describe('random', () => {
  it('gives every host as much', () => {
    const balancer = balancerOf(hosts(4), { policy: 'random' });
    const seen = Object.values(counts(40_000, () => balancer.choose()));

    expect(seen).toHaveLength(4);
    // Six standard deviations of a binomial distribution.
    for (const count of seen) expect(Math.abs(count - 10_000)).toBeLessThan(520);
  });
});

describe('slow start', () => {
  it.each([
    [0, 1, 10],
    [5, 1, 10],
    [30, 1, 30],
    [100, 1, 100],
    [25, 2, 50],
    [200, 1, 100],
  ])('at %i %% of the window with aggression %i is worth %i %% of the weight', (age, aggression, percent) => {
    const all = [
      host('old', { weight: 1, readySinceMs: -10_000 }),
      host('new', { weight: 1, readySinceMs: 0 }),
    ];
    const balancer = new PriorityLoadBalancer<TestHost>(
      { slowStartWindowMs: 1000, slowStartAggression: aggression },
      { nowMs: () => age * 10, random: seeded(1) },
    );
    balancer.update(all);
    const rounds = 11_000;

    const seen = counts(rounds, () => balancer.choose());

    expect((seen['new'] ?? 0) / (seen['old'] ?? 0)).toBeCloseTo(percent / 100, 2);
  });

  it('lets the share grow without another update', () => {
    let now = 0;
    const balancer = new PriorityLoadBalancer<TestHost>(
      { slowStartWindowMs: 1000 },
      { nowMs: () => now, random: seeded(1) },
    );
    balancer.update([host('old', { readySinceMs: -10_000 }), host('new')]);
    const young = counts(1100, () => balancer.choose())['new'] ?? 0;
    now = 1000;
    const grown = counts(1100, () => balancer.choose())['new'] ?? 0;

    expect(young).toBeLessThan(110);
    expect(grown).toBeGreaterThan(530);
  });
});

describe('hosts that were tried', () => {
  it.each(['round-robin', 'least-request', 'random', 'ring-hash', 'maglev'] as const)(
    'are passed over by %s while there is another one',
    (policy) => {
      const all = hosts(5);
      const [last] = all;
      const balancer = balancerOf(all, { policy });

      expect(balancer.choose(undefined, all.slice(1))).toBe(last);
      expect(balancer.choose(undefined, all)).toBeDefined();
    },
  );

  it('make room for another priority', () => {
    const other = host('other', { priority: 1 });
    const first = host('first');
    const balancer = balancerOf([first, other]);

    expect(balancer.choose(undefined, [first])).toBe(other);
  });
});

function balancerOf(
  all: readonly TestHost[],
  options: Partial<LoadBalancerOptions> = {},
  seed = 1,
): PriorityLoadBalancer<TestHost> {
  const balancer = new PriorityLoadBalancer<TestHost>(options, { random: seeded(seed) });
  balancer.update(all);
  return balancer;
}

/** The active requests of the fullest of 100 hosts when 1000 requests stay. */
function fullest(policy: 'least-request' | 'random'): number {
  const all = hosts(100);
  const balancer = balancerOf(all, { policy });
  for (let count = 0; count < 1000; count++) {
    const chosen = balancer.choose();
    if (chosen) chosen.activeRequests++;
  }
  return Math.max(...all.map(({ activeRequests }) => activeRequests));
}
