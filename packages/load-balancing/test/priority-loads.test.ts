import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PriorityLoadBalancer, priorityLoads } from '@sluice/load-balancing';
import { counts, host, seeded } from './support.ts';
import type { TestHost } from './support.ts';

describe('the share of each priority', () => {
  it.each<[healthy: number[], loads: number[]]>([
    [[100], [100]],
    [
      [72, 100],
      [100, 0],
    ],
    [
      [71, 100],
      [99, 1],
    ],
    [
      [50, 100],
      [70, 30],
    ],
    [
      [25, 100],
      [35, 65],
    ],
    [
      [0, 100],
      [0, 100],
    ],
    [
      [72, 72],
      [100, 0],
    ],
    [
      [71, 71],
      [99, 1],
    ],
    [
      [50, 50],
      [70, 30],
    ],
    [
      [25, 25],
      [50, 50],
    ],
    [
      [25, 25, 100],
      [35, 35, 30],
    ],
    // 35.7, 35.7 and 28.6: rounded down, and what is left is for the first.
    [
      [25, 25, 20],
      [37, 35, 28],
    ],
  ])('with %j %% healthy is %j %%', (healthy, loads) => {
    const balancer = new PriorityLoadBalancer<TestHost>(
      { panicThresholdPercent: 0 },
      { random: every100th() },
    );
    balancer.update(healthy.flatMap((percent, priority) => hundred(priority, percent)));

    const seen = counts(100, () => balancer.choose());

    expect(loads.map((_, priority) => seen[`p${priority}`] ?? 0)).toEqual(loads);
  });

  it('adds up to 100 % whatever the health, unless there is none', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { minLength: 1 }), (healths) => {
        const sum = priorityLoads(healths).reduce((total, load) => total + load, 0);

        expect(sum).toBe(healths.some((health) => health > 0) ? 100 : 0);
      }),
    );
  });
});

describe('panic', () => {
  it('uses all hosts when fewer than half are healthy', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: seeded(1) });
    balancer.update([host('a'), host('b', { isHealthy: false }), host('c', { isHealthy: false })]);

    expect(balancer.isInPanic).toBe(true);
    expect(counts(30, () => balancer.choose())).toEqual({ a: 10, b: 10, c: 10 });
  });

  it('uses hosts that take no connection only while no host takes any', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: seeded(1) });
    const gone = { isHealthy: false, isUnreachable: true };
    balancer.update([host('a', gone), host('b', gone), host('c', { isHealthy: false })]);
    expect(counts(30, () => balancer.choose())).toEqual({ c: 30 });
    balancer.update([host('a', gone), host('b', gone)]);

    expect(counts(30, () => balancer.choose())).toEqual({ a: 15, b: 15 });
  });

  it('gives a priority of hosts that take no connection nothing while another one has some that do', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: seeded(1) });
    const gone = { isHealthy: false, isUnreachable: true };
    const ill = { isHealthy: false, priority: 1 };
    balancer.update([host('a', gone), host('b', { priority: 1 }), host('c', ill), host('d', ill)]);

    expect(balancer.isInPanic).toBe(true);
    expect(counts(30, () => balancer.choose())).toEqual({ b: 10, c: 10, d: 10 });
  });

  it('does not begin at half of the hosts', () => {
    const balancer = new PriorityLoadBalancer<TestHost>();
    balancer.update([host('a'), host('b', { isHealthy: false })]);

    expect(balancer.isInPanic).toBe(false);
    expect(counts(10, () => balancer.choose())).toEqual({ a: 10 });
  });

  it('does not begin while another priority makes up for it', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: seeded(1) });
    balancer.update([
      host('a', { isHealthy: false }),
      host('b', { isHealthy: false }),
      host('c', { priority: 1 }),
    ]);

    expect(counts(10, () => balancer.choose())).toEqual({ c: 10 });
  });

  it('does not begin in a priority that keeps a part of its requests', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: seeded(1) });
    const ill = Array.from({ length: 3 }, () => host('ill', { isHealthy: false }));
    balancer.update([host('a'), host('b'), ...ill, host('c', { priority: 1 })]);

    expect(Object.keys(counts(100, () => balancer.choose())).toSorted()).toEqual(['a', 'b', 'c']);
  });

  it('chooses nobody where traffic is to fail', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({ failTrafficOnPanic: true });
    balancer.update([host('a'), host('b', { isHealthy: false }), host('c', { isHealthy: false })]);

    expect(balancer.choose()).toBeUndefined();
  });

  it('is off at a threshold of 0: nobody is chosen when nobody is healthy', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({ panicThresholdPercent: 0 });
    balancer.update([host('a', { isHealthy: false })]);

    expect(balancer.choose()).toBeUndefined();
  });

  it('of all priorities spreads by the number of hosts', () => {
    const balancer = new PriorityLoadBalancer<TestHost>({}, { random: every100th() });
    const ill = { isHealthy: false };
    balancer.update([host('a', ill), host('b', { ...ill, priority: 1 }), host('c', { ...ill, priority: 1 })]);

    const { a } = counts(100, () => balancer.choose());

    expect(a).toBe(34);
  });
});

it('leaves gaps between the numbers of priorities without effect', () => {
  const balancer = new PriorityLoadBalancer<TestHost>();
  balancer.update([host('b', { priority: 20 }), host('a', { priority: 10 })]);

  expect(counts(10, () => balancer.choose())).toEqual({ a: 10 });
});

/** 100 hosts named for their priority, so many of them healthy. */
function hundred(priority: number, healthy: number): TestHost[] {
  return Array.from({ length: 100 }, (_, at) => host(`p${priority}`, { priority, isHealthy: at < healthy }));
}

/** 0.005, 0.015, … as long as it is asked for a priority; pickers draw only when they are made. */
function every100th(): () => number {
  let next = 0;
  return () => ((next++ % 100) + 0.5) / 100;
}
