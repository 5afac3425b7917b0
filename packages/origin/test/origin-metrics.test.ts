import { MetricsRegistry } from '@sluice/handler-metrics';
import { expect, it } from 'vitest';
import { OriginManager } from '../src/index.ts';
import { ADDRESS, Asker, embeddedConnector } from './support.ts';

it('shows the figures of each origin under its name', async () => {
  const connector = embeddedConnector();
  const registry = new MetricsRegistry();
  const configs = ['a', 'b'].map((name) => ({ name, servers: [ADDRESS] }));
  const origins = new OriginManager(configs, connector, connector.loop, { registry });
  origins.getOrigin('b')?.acquire(new Asker());
  connector.clock.advance(20);
  connector.attempt(0).succeed();

  const text = await registry.exposition();
  expect(text).toContain('connectionpool_create_success_total{id="b"} 1');
  expect(text).toContain('connectionpool_create_success_total{id="a"} 0');
  expect(text).toContain('connectionpool_createTiming_seconds_sum{id="b"} 0.02');
  expect(text).toMatch(/^# HELP connectionpool_closeAbovePoolHighWaterMark_total \w/m);
});
