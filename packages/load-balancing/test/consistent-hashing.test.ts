import { describe, expect, it } from 'vitest';
import { Hash64, PriorityLoadBalancer, xxHash64OfText } from '@sluice/load-balancing';
import type { LoadBalancerOptions } from '@sluice/load-balancing';
import { counts, host, hosts, seeded } from './support.ts';
import type { TestHost } from './support.ts';

const KEYS = Array.from({ length: 20_000 }, (_, at) => xxHash64OfText(`user-${at}`));

describe.each(['ring-hash', 'maglev'] as const)('%s', (policy) => {
  it('takes the same host for the same hash, in whatever order the hosts are listed', () => {
    const forward = balancerOf(hosts(10), { policy });
    const backward = balancerOf(hosts(10).toReversed(), { policy });

    const names = (balancer: PriorityLoadBalancer<TestHost>) =>
      KEYS.map((key) => balancer.choose(key)?.name).join(' ');

    expect(names(forward)).toBe(names(backward));
  });

  it('gives every host a fair share of the hashes', () => {
    const balancer = balancerOf(hosts(10), { policy, minRingSize: 16_384 });
    const seen = Object.values(counts(KEYS.length, (at) => balancer.choose(KEYS[at])));

    expect(seen).toHaveLength(10);
    for (const count of seen) expect(Math.abs(count / 2000 - 1)).toBeLessThan(0.15);
  });

  it('gives a host of three times the weight three times as many', () => {
    const all = [host('a', { weight: 3 }), host('b'), host('c'), host('d')];
    const balancer = balancerOf(all, { policy, minRingSize: 16_384 });
    const { a = 0 } = counts(KEYS.length, (at) => balancer.choose(KEYS[at]));

    expect(Math.abs(a / 10_000 - 1)).toBeLessThan(0.05);
  });

  it('moves little but what a host that leaves had', () => {
    const all = hosts(10);
    const before = balancerOf(all, { policy });
    const after = balancerOf(all.slice(1), { policy });
    const stayed = KEYS.filter((key) => before.choose(key) !== all[0]);
    const moved = stayed.filter((key) => before.choose(key) !== after.choose(key)).length;

    // A hash by the number of hosts would move nine of ten. A ring of a least size gives those left
    // more places each; Maglev fills its table anew.
    expect(moved / stayed.length).toBeLessThan(0.1);
  });

  it('gives an unhealthy host nothing, and all of its own back when it recovers', () => {
    const all = hosts(10);
    const [ill] = all;
    const balancer = balancerOf(all, { policy });
    const before = KEYS.map((key) => balancer.choose(key));
    if (ill) ill.isHealthy = false;
    balancer.update(all);
    const during = KEYS.map((key) => balancer.choose(key));
    if (ill) ill.isHealthy = true;
    balancer.update(all);

    expect(during).not.toContain(ill);
    expect(KEYS.map((key) => balancer.choose(key))).toEqual(before);
  });

  it('draws a host for a request that has no hash', () => {
    const balancer = balancerOf(hosts(4), { policy });

    expect(Object.keys(counts(200, () => balancer.choose()))).toHaveLength(4);
  });

  it('chooses nobody among none', () => {
    expect(balancerOf([], { policy }).choose(KEYS[0])).toBeUndefined();
  });
});

describe('ring-hash', () => {
  it('moves nothing but what a host that leaves had, where the others keep their places', () => {
    const all = hosts(10);
    const before = balancerOf(all, { policy: 'ring-hash', minRingSize: 1000 });
    const after = balancerOf(all.slice(1), { policy: 'ring-hash', minRingSize: 900 });
    const stayed = KEYS.filter((key) => before.choose(key) !== all[0]);

    expect(stayed.length).toBeGreaterThan(KEYS.length / 2);
    expect(stayed.filter((key) => before.choose(key) !== after.choose(key))).toEqual([]);
  });

  it('takes the first place at or behind the hash, and the first of all behind the last', () => {
    const [a] = [host('a')];
    const balancer = balancerOf([a, host('b')], { policy: 'ring-hash', minRingSize: 2, maxRingSize: 2 });
    // One place each: where "a_0" and "b_0" hash to.
    const places = ['a_0', 'b_0'].map((name) => ({ name: name[0], order: xxHash64OfText(name) }));
    const [first, second] = places.toSorted((x, y) => x.order.order - y.order.order);

    expect(balancer.choose(first?.order)?.name).toBe(first?.name);
    expect(balancer.choose(second?.order)?.name).toBe(second?.name);
    expect(balancer.choose(new Hash64(0, 0))?.name).toBe(first?.name);
    expect(balancer.choose(new Hash64(0xffff_ffff, 0xffff_ffff))?.name).toBe(first?.name);
  });
});

function balancerOf(
  all: readonly TestHost[],
  options: Partial<LoadBalancerOptions>,
): PriorityLoadBalancer<TestHost> {
  const balancer = new PriorityLoadBalancer<TestHost>(options, { random: seeded(1) });
  balancer.update(all);
  return balancer;
}
