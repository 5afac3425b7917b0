import { Counter as PromCounter } from 'prom-client';
import { expect, it } from 'vitest';
import { MetricError, MetricsRegistry, prometheusName } from '@sluice/handler-metrics';
import { EXPOSITION_CONTENT_TYPE, exposition, promRegistry } from '@sluice/handler-metrics/prometheus';

it('writes counters, gauges and histograms in the text format of Prometheus', async () => {
  const registry = new MetricsRegistry();
  registry
    .counter({ name: 'cars.seen', help: 'Cars.', labels: { colour: ['red'] } })
    .labels('red')
    .inc(2);
  registry.gauge({ name: 'cars.current', help: 'Cars here.' }).labels().set(1.5);
  const speed = registry.histogram({ name: 'cars.speed', help: 'Speed.', bounds: [10, 50] }).labels();
  for (const value of [10, 11, 50, 51]) speed.observe(value);

  expect(EXPOSITION_CONTENT_TYPE).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(await exposition(registry)).toBe(
    [
      '# HELP cars_seen_total Cars.',
      '# TYPE cars_seen_total counter',
      'cars_seen_total{colour="red"} 2',
      '',
      '# HELP cars_current Cars here.',
      '# TYPE cars_current gauge',
      'cars_current 1.5',
      '',
      '# HELP cars_speed Speed.',
      '# TYPE cars_speed histogram',
      'cars_speed_bucket{le="10"} 1',
      'cars_speed_bucket{le="50"} 3',
      'cars_speed_bucket{le="+Inf"} 4',
      'cars_speed_sum 122',
      'cars_speed_count 4',
      '',
    ].join('\n'),
  );
});

it('gives the present figures at each scrape', async () => {
  const registry = new MetricsRegistry();
  const seen = registry.counter({ name: 'seen', help: 'Seen.' }).labels();
  seen.inc();
  await exposition(registry);
  seen.inc();

  expect(await exposition(registry)).toContain('seen_total 2');
});

it.each([
  ['server.connections.idle.timeout', 'counter', 'server_connections_idle_timeout_total'],
  ['server.connections.current', 'gauge', 'server_connections_current'],
  ['server.http.request.duration.seconds', 'histogram', 'server_http_request_duration_seconds'],
  ['zuul.filter-Routes', 'counter', 'zuul_filter_Routes_total'],
  ['bytes_total', 'counter', 'bytes_total'],
] as const)('names %s, a %s, %s', (name, type, expected) => {
  expect(prometheusName(name, type)).toBe(expected);
});

it('forgets what has one value of a label, and has room for another', async () => {
  const registry = new MetricsRegistry();
  const labels = { id: 2, colour: ['red', 'blue'] };
  const cars = registry.gauge({ name: 'cars', help: 'Cars.', labels });
  for (const [at, id] of ['a', 'b', 'beyond'].entries()) {
    cars.labels(id, 'red').set(at);
    cars.labels(id, 'blue').set(at);
  }
  await exposition(registry);
  cars.remove('id', 'a');
  cars.remove('id', 'beyond');
  cars.labels('c', 'red').set(7);

  const lines = (await exposition(registry)).split('\n').filter((line) => line.startsWith('cars{'));
  expect(lines).toEqual([
    'cars{id="b",colour="red"} 1',
    'cars{id="b",colour="blue"} 1',
    'cars{id="other",colour="red"} 2',
    'cars{id="other",colour="blue"} 2',
    'cars{id="c",colour="red"} 7',
  ]);
});

it('has a gauge follow one thing at a time', () => {
  const gauge = new MetricsRegistry().gauge({ name: 'cars', help: 'Cars.' }).labels();
  const [first, second] = [() => 1, () => 2];
  gauge.follow(first);
  gauge.follow(second);
  gauge.unfollow(first);
  expect(gauge.value).toBe(2);
  gauge.unfollow(second);

  expect(gauge.value).toBe(0);
});

it('counts a value that a label may not have as other', async () => {
  const registry = new MetricsRegistry();
  const methods = registry.counter({ name: 'm', help: 'M.', labels: { method: ['GET'] } });
  for (const method of ['GET', 'BREW', 'x"\n']) methods.labels(method).inc();

  const text = await exposition(registry);
  expect(text).toContain('m_total{method="GET"} 1');
  expect(text).toContain('m_total{method="other"} 2');
});

it('keeps as many values of a label as it may have, and no more', async () => {
  const registry = new MetricsRegistry();
  const routes = registry.counter({ name: 'r', help: 'R.', labels: { route: 2 } });
  for (let at = 0; at < 1_000; at++) routes.labels(`route-${at}`).inc();

  const lines = (await exposition(registry)).split('\n').filter((line) => line.startsWith('r_total'));
  expect(lines).toEqual([
    'r_total{route="route-0"} 1',
    'r_total{route="route-1"} 1',
    'r_total{route="other"} 998',
  ]);
});

it('gives the same child for the same values, and the same metric for the same declaration', () => {
  const registry = new MetricsRegistry();
  const declaration = { name: 'a', help: 'A.', labels: { id: 4 } };

  expect(registry.counter(declaration).labels('x')).toBe(registry.counter(declaration).labels('x'));
});

it('refuses a name that is in use for something else', () => {
  const registry = new MetricsRegistry();
  registry.counter({ name: 'a_total', help: 'A.', labels: { id: 4 } });

  expect(() => registry.counter({ name: 'a', help: 'A.' })).toThrow(
    new MetricError('The metric a is declared already: a counter with the labels (id).'),
  );
  expect(() => registry.gauge({ name: 'a_total', help: 'A.', labels: { id: 4 } })).toThrow(MetricError);
});

it('refuses a wrong number of label values', () => {
  const family = new MetricsRegistry().gauge({ name: 'a', help: 'A.', labels: { id: 4, kind: 4 } });

  expect(() => family.labels('x')).toThrow('Expected a value for each of the labels (id, kind), found 1.');
});

it.each(['le', '1st', 'a-b', ''])('refuses the label %j, which Prometheus would', (label) => {
  const declaration = { name: 'a', help: 'A.', labels: { [label]: 4 } };

  expect(() => new MetricsRegistry().counter(declaration)).toThrow(
    `The metric a: found the label "${label}", expected letters, digits and _, no digit first, not le.`,
  );
});

it('writes what is declared after it was scraped, and the new figures of the rest', async () => {
  const registry = new MetricsRegistry();
  const early = registry.counter({ name: 'early', help: 'E.' }).labels();
  await exposition(registry);

  registry.gauge({ name: 'late', help: 'L.' }).labels().set(7);
  early.inc();
  expect(await exposition(registry)).toMatch(/^early_total 1\n[^]*^late 7\n/m);
});

it('writes metrics that were made with prom-client too', async () => {
  const registry = new MetricsRegistry();
  new PromCounter({ name: 'theirs', help: 'Theirs.', registers: [await promRegistry(registry)] }).inc();

  expect(await exposition(registry)).toContain('theirs 1');
});

it('gives the figures of a histogram as JSON too', async () => {
  const registry = new MetricsRegistry();
  registry
    .histogram({ name: 'h', help: 'H.', bounds: [1] })
    .labels()
    .observe(2);

  const [histogram] = await (await promRegistry(registry)).getMetricsAsJSON();
  expect(histogram?.values.map(({ value }) => value)).toEqual([0, 1, 2, 1]);
});
