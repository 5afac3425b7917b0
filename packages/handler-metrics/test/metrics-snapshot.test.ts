import { expect, it } from 'vitest';
import { MetricsRegistry } from '@sluice/handler-metrics';
import {
  exposition,
  mergeMetrics,
  metricsSnapshot,
  metricsText,
  withoutGauges,
} from '@sluice/handler-metrics/prometheus';
import type { MetricsSnapshot } from '@sluice/handler-metrics/prometheus';

it('writes the text of one process as that process does', async () => {
  const registry = cars({ red: 1, here: 2, speeds: [3, 70] });

  expect(await metricsText(await sent(registry))).toBe(await exposition(registry));
});

it('sums counters and histograms of processes, by their labels', async () => {
  const one = await sent(cars({ red: 1, here: 2, speeds: [3, 70] }));
  const two = await sent(cars({ red: 10, blue: 5, here: 4, speeds: [10, 11] }));

  const text = await metricsText(await mergeMetrics([one, two]));

  expect(text.split('\n').filter((line) => /seen|speed/.test(line) && !line.startsWith('#'))).toEqual([
    'cars_seen_total{colour="red"} 11',
    'cars_seen_total{colour="blue"} 5',
    'cars_speed_bucket{le="10",road="a"} 2',
    'cars_speed_bucket{le="50",road="a"} 3',
    'cars_speed_bucket{le="+Inf",road="a"} 4',
    'cars_speed_sum{road="a"} 94',
    'cars_speed_count{road="a"} 4',
  ]);
});

it.each([
  [undefined, 9],
  ['sum', 9],
  ['min', 4],
  ['max', 5],
] as const)('merges gauges that say %s', async (merge, value) => {
  const snapshots = [4, 5].map((here) => {
    const registry = new MetricsRegistry();
    registry
      .gauge({ name: 'here', help: 'Here.', ...(merge && { merge }) })
      .labels()
      .set(here);
    return sent(registry);
  });

  expect(await metricsText(await mergeMetrics(await Promise.all(snapshots)))).toContain(`\nhere ${value}\n`);
});

it('goes on counting what an ended process has counted, without what it had', async () => {
  const ended = withoutGauges(await sent(cars({ red: 1, here: 2, speeds: [3] })));
  const now = await sent(cars({ red: 10, here: 4, speeds: [] }));

  const text = await metricsText(await mergeMetrics([ended, now]));

  expect(text).toContain('cars_seen_total{colour="red"} 11\n');
  expect(text).toContain('cars_speed_count{road="a"} 1\n');
  expect(text).toContain('cars_here 4\n');
});

it('is empty without processes', async () => {
  expect((await metricsText(await mergeMetrics([]))).trim()).toBe('');
});

interface Cars {
  readonly red: number;
  readonly blue?: number;
  readonly here: number;
  readonly speeds: readonly number[];
}

function cars({ red, blue = 0, here, speeds }: Cars): MetricsRegistry {
  const registry = new MetricsRegistry();
  const seen = registry.counter({ name: 'cars.seen', help: 'Cars.', labels: { colour: 8 } });
  seen.labels('red').inc(red);
  if (blue > 0) seen.labels('blue').inc(blue);
  registry.gauge({ name: 'cars.here', help: 'Here.' }).labels().set(here);
  const bounds = [10, 50];
  const speed = registry.histogram({ name: 'cars.speed', help: 'Speed.', bounds, labels: { road: 8 } });
  for (const each of speeds) speed.labels('a').observe(each);
  return registry;
}

/** As it comes out of a message between processes. */
async function sent(registry: MetricsRegistry): Promise<MetricsSnapshot> {
  return structuredClone(await metricsSnapshot(registry));
}
