import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { expect, it } from 'vitest';
import { OriginManager } from '../src/index.ts';
import { ADDRESS, Asker, Borrower, embeddedConnector } from './support.ts';

it('shows the figures of each origin under its name', async () => {
  const connector = embeddedConnector();
  const registry = new MetricsRegistry();
  const configs = ['a', 'b'].map((name) => ({ name, servers: [ADDRESS] }));
  const origins = new OriginManager(configs, connector, connector.loop, { registry });
  void origins.start();
  origins.getOrigin('b')?.acquire(new Asker());
  connector.clock.advance(20);
  connector.attempt(0).succeed();

  const text = await exposition(registry);
  expect(text).toContain('connectionpool_create_success_total{id="b"} 1');
  expect(text).toContain('connectionpool_create_success_total{id="a"} 0');
  expect(text).toContain('connectionpool_createTiming_seconds_sum{id="b"} 0.02');
  expect(text).toMatch(/^# HELP connectionpool_closeAbovePoolHighWaterMark_total \w/m);
});

it('shows which limits of an origin are reached at the moment', async () => {
  const connector = embeddedConnector();
  const registry = new MetricsRegistry();
  const options = { maxConnections: 1, maxPendingRequests: 1, maxRequests: 1, minRetryConcurrency: 1 };
  const origins = new OriginManager([{ name: 'a', servers: [ADDRESS], options }], connector, connector.loop, {
    registry,
  });
  void origins.start();
  const origin = origins.getOrigin('a');
  const open = async () => {
    const text = await exposition(registry);
    return Array.from(
      text.matchAll(/^origin_circuit_breakers_(\w+)_open\{id="a"\} (\d)$/gm),
      ([, name, is]) => (is === '1' ? name : ''),
    ).filter(Boolean);
  };
  expect(await exposition(registry)).toContain('origin_circuit_breakers_requests_open{id="a"} 0');
  const asker = new Asker();
  origin?.acquire(asker);
  expect(await open()).toEqual(['connections', 'pending']);
  connector.attempt(0).succeed();
  asker.connection?.lend(new Borrower());
  expect(await open()).toEqual(['connections', 'requests']);
  if (origin) origin.resources.retries = 1;
  expect(await open()).toEqual(['connections', 'requests', 'retries']);
  asker.connection?.discard();
  connector.turn();

  expect(await open()).toEqual(['retries']);
});
