import { HttpClientCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import type { DiscoveredServer } from '@sluice/discovery';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { OriginManager, OriginResponseReceiver } from '../src/index.ts';
import type { OriginConfig } from '../src/index.ts';
import { ADDRESS, bytes, embeddedConnector } from './support.ts';

it('exposes how many servers there are, how they are, and what was found out about them', async () => {
  const connector = embeddedConnector();
  connector.handlers = () => [new HttpClientCodec(), new OriginResponseReceiver()] as never;
  const found = new Subject<readonly DiscoveredServer[]>();
  const registry = new MetricsRegistry();
  let changes = 0;
  const manager = new OriginManager(
    [
      {
        name: 'api',
        discovery: { servers$: found },
        healthCheck: {},
        outlierDetection: { consecutive5xx: 1, alwaysEjectOneHost: true },
      },
    ],
    connector,
    connector.loop,
    {
      registry,
      logger: silentLogger,
      healthConnector: connector,
      random: () => 0,
      listener: { onMembershipChanged: () => changes++ },
    },
  );
  void manager.start();
  found.next([1, 2, 3].map((number) => ({ address: { host: `10.0.0.${number}`, port: 80 } })));
  connector.clock.advance(0);
  connector.attempt(0).succeed().writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  connector.attempt(1).succeed().writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'));
  connector.attempt(2).fail('ECONNREFUSED');
  for (const server of manager.getOrigin('api')?.servers ?? []) {
    server.stats.requestStarted();
    server.stats.requestEnded(500);
  }

  const text = await exposition(registry);

  expect(changes).toBe(1);
  for (const line of [
    'origin_membership_total{id="api"} 3',
    'origin_membership_healthy{id="api"} 1',
    'origin_membership_change_total{id="api"} 1',
    'origin_health_check_attempt_total{id="api"} 3',
    'origin_health_check_failure_total{id="api",outcome="failure"} 1',
    'origin_outlier_detection_ejections_active{id="api"} 1',
    'origin_outlier_detection_detected_total{id="api",reason="consecutive_5xx"} 3',
    'origin_outlier_detection_enforced_total{id="api",reason="consecutive_5xx"} 1',
    'origin_outlier_detection_overflow_total{id="api"} 2',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  manager.close();
  expect(connector.clock.pendingTimers).toBe(0);
});

it('counts nothing of origins that are not in use yet', async () => {
  const found = new Subject<readonly DiscoveredServer[]>();
  const { registry, first, after } = managers();
  await first.start();
  const second = after({ discovery: { servers$: found } });
  void second.start();
  found.next([1, 2, 3].map((number) => ({ address: { host: `10.0.0.${number}`, port: 80 } })));

  expect(await figuresOf(registry)).toEqual(['change_total 1', 'healthy 1', 'total 1']);
  second.apply();
  expect(await figuresOf(registry)).toEqual(['change_total 2', 'healthy 3', 'total 3']);
  second.closeUnlessIn([first]);
});

it('shows the latest of one name that is open, and none when all are closed', async () => {
  const { registry, first, after } = managers();
  await first.start();
  const second = after({ loadBalancer: 'random', servers: [ADDRESS, { ...ADDRESS, port: 1 }] });
  second.apply();

  expect(await figuresOf(registry)).toEqual(['change_total 2', 'healthy 2', 'total 2']);
  second.closeUnlessIn([first]);
  expect(await figuresOf(registry)).toEqual(['change_total 2', 'healthy 1', 'total 1']);
  first.closeUnlessIn([]);
  expect(await exposition(registry)).not.toContain('id="api"');
});

interface Managers {
  readonly registry: MetricsRegistry;
  readonly first: OriginManager;
  /** One in which the origin is declared in another way. */
  after(config: Partial<OriginConfig>): OriginManager;
}

function managers(): Managers {
  const connector = embeddedConnector();
  const registry = new MetricsRegistry();
  const services = { registry, logger: silentLogger, healthConnector: connector };
  const first = new OriginManager([{ name: 'api', servers: [ADDRESS] }], connector, connector.loop, services);
  const after = (config: Partial<OriginConfig>): OriginManager =>
    new OriginManager([{ name: 'api', ...config }], connector, connector.loop, services, first);
  return { registry, first, after };
}

async function figuresOf(registry: MetricsRegistry): Promise<readonly string[]> {
  const text = await exposition(registry);
  return Array.from(
    text.matchAll(/^origin_membership_(\w+)\{id="api"\} (\d)$/gm),
    ([, name, value]) => `${name} ${value}`,
  ).toSorted();
}
