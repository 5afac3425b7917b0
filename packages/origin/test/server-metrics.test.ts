import { HttpClientCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import type { DiscoveredServer } from '@sluice/discovery';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { Subject } from 'rxjs';
import { expect, it } from 'vitest';
import { OriginManager, OriginResponseReceiver } from '../src/index.ts';
import { bytes, embeddedConnector } from './support.ts';

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
