import { expect, it } from 'vitest';
import { PriorityLoadBalancer } from '@sluice/load-balancing';
import type { LoadBalancerOptions } from '@sluice/load-balancing';
import { host, seeded } from './support.ts';
import type { TestHost } from './support.ts';

// With a retry in the same turns, the next first try had always the turn of the host that failed.
it.each<[string, Partial<LoadBalancerOptions>, readonly number[]]>([
  ['round robin of two', {}, [1, 1]],
  ['round robin of three', {}, [1, 1, 1]],
  ['round robin by weight', {}, [2, 1, 1]],
  ['least request', { policy: 'least-request' }, [1, 1, 1]],
  ['least request by weight', { policy: 'least-request' }, [2, 1, 1]],
  ['random', { policy: 'random' }, [1, 1, 1]],
])('%s gives a host that fails its share of first tries, and no more', (_what, options, weights) => {
  const all = weights.map((weight, at) => host(`10.0.0.${at}:80`, { weight }));
  const { first } = triesOf(all, options);

  const share = 1000 * ((weights[0] ?? 0) / weights.reduce((sum, weight) => sum + weight));
  expect(Math.abs((first.get(all[0]) ?? 0) - share)).toBeLessThan(60);
});

it.each<[string, Partial<LoadBalancerOptions>]>([
  ['round robin', {}],
  ['least request', { policy: 'least-request' }],
])('%s spreads the second tries over the others', (_what, options) => {
  const all = [0, 1, 2, 3].map((at) => host(`10.0.0.${at}:80`));
  const { second } = triesOf(all, options);

  const expected = [...second.values()].reduce((sum, count) => sum + count) / 3;
  for (const other of all.slice(1)) {
    expect(Math.abs((second.get(other) ?? 0) - expected)).toBeLessThan(0.25 * expected);
  }
});

/** How often each host had the first and the second try of 1000 requests, when the first host fails them all. */
function triesOf(all: readonly TestHost[], options: Partial<LoadBalancerOptions>) {
  const [failing] = all;
  const balancer = new PriorityLoadBalancer<TestHost>(options, { random: seeded(7) });
  balancer.update(all);
  const first = new Map<TestHost | undefined, number>();
  const second = new Map<TestHost | undefined, number>();
  for (let request = 0; request < 1000; request++) {
    const chosen = balancer.choose();
    count(first, chosen);
    if (chosen === failing && failing !== undefined) count(second, balancer.choose(undefined, [failing]));
  }
  return { first, second };
}

function count(seen: Map<TestHost | undefined, number>, host: TestHost | undefined): void {
  seen.set(host, (seen.get(host) ?? 0) + 1);
}
