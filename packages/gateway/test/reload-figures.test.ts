import { HttpServerCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { Gateway } from '../src/index.ts';
import type { GatewayDeclaration, PreparedReload } from '../src/index.ts';

type OriginServers = Readonly<Record<string, number>>;

it('are of the live origin when a reload is refused or discarded, and follow it further', async () => {
  const { prepare, reload, figures } = await started({ web: 1 });
  const before = await figures();

  await expect(
    reload({ web: 3, more: 1 }, { timesAnew: 1, routes: [{ origin: 'nobody' }] }),
  ).rejects.toThrow();
  await (await prepare({ web: 3, more: 1 }, { timesAnew: 1 })).discard();
  expect(await figures()).toEqual(before);
  await reload({ web: 2 });

  expect(await totals(figures)).toEqual(['origin_membership_total{id="web"} 2']);
  expect(await figures()).toContain('origin_circuit_breakers_connections_open{id="web"} 0');
});

it('tell of the limits of the live origin, not of those of a discarded one', async () => {
  const { gateway, prepare, figures } = await started({ web: 1 });
  const live = gateway.getOrigin('web');
  await (await prepare({ web: 1 }, { timesAnew: 1 })).discard();
  if (live) live.resources.connections = live.resources.options.maxConnections;

  expect(await figures()).toContain('origin_circuit_breakers_connections_open{id="web"} 1');
  if (live) live.resources.connections = 0;
});

it('of an origin that has begun anew count on', async () => {
  const { gateway, reload, figures } = await started({ web: 1 });
  gateway.getOrigin('web')?.resources.metrics.pool.request.inc(5);
  await reload({ web: 3 }, { timesAnew: 1 });
  gateway.getOrigin('web')?.resources.metrics.pool.request.inc();

  expect(await figures()).toContain('connectionpool_request_total{id="web"} 6');
  expect(await totals(figures)).toEqual(['origin_membership_total{id="web"} 3']);
});

it('go with their origin', async () => {
  const { reload, figures } = await started({ web: 1, old: 1 });
  expect((await figures()).filter((line) => line.includes('id="old"'))).not.toEqual([]);
  await reload({ web: 1 });

  expect((await figures()).filter((line) => line.includes('id="old"'))).toEqual([]);
});

it('are there to be read once more when the gateway has stopped', async () => {
  const { gateway, figures } = await started({ web: 1 });
  gateway.getOrigin('web')?.resources.metrics.pool.request.inc(5);
  await gateway.stop();

  expect(await figures()).toContain('connectionpool_request_total{id="web"} 5');
});

interface Started {
  readonly gateway: Gateway;
  prepare(servers: OriginServers, other?: Other): Promise<PreparedReload>;
  reload(servers: OriginServers, other?: Other): Promise<void>;
  figures(): Promise<readonly string[]>;
}

interface Other {
  /** A number that is another than before makes the origins begin anew. */
  readonly timesAnew?: number;
  readonly routes?: GatewayDeclaration['routes'];
}

async function started(servers: OriginServers): Promise<Started> {
  const registry = new MetricsRegistry();
  const declare = (of: OriginServers, other?: Other): GatewayDeclaration => declaration(registry, of, other);
  const gateway = new Gateway(declare(servers));
  onTestFinished(() => gateway.stop());
  await gateway.start();
  return {
    prepare: (of, other) => gateway.prepareReload(declare(of, other)),
    gateway,
    reload: (of, other) => gateway.reload(declare(of, other)),
    figures: async () => (await exposition(registry)).split('\n'),
  };
}

function declaration(
  registry: MetricsRegistry,
  servers: OriginServers,
  { timesAnew = 0, routes = [] }: Other = {},
): GatewayDeclaration {
  return {
    listeners: [{ address: { host: '127.0.0.1', port: 0 }, handlers: [HttpServerCodec] }],
    origins: Object.entries(servers).map(([name, count]) => ({
      name,
      servers: Array.from({ length: count }, (_, at) => ({ host: '127.0.0.1', port: at + 1 })),
      options: { connectTimeoutMs: 1000 + timesAnew },
    })),
    routes,
    modules: [new ContainerModule(({ bind }) => void bind(MetricsRegistry).toConstantValue(registry))],
    logger: silentLogger,
  };
}

async function totals(figures: Started['figures']): Promise<readonly string[]> {
  return (await figures()).filter((line) => line.startsWith('origin_membership_total{'));
}
