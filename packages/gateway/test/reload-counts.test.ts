import { RateLimitFilter, RateLimitOptions } from '@sluice/builtin-filters';
import { MaxInboundConnectionsHandler, MaxInboundConnectionsOptions } from '@sluice/handler-connection';
import { fakeOrigin, LEAST_HANDLERS, testGateway } from '@sluice/testing';
import type { TestGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import type { GatewayDeclaration } from '../src/index.ts';

const ADDRESS = { host: '10.0.0.1', port: 80 };
const HANDLERS = [MaxInboundConnectionsHandler, ...LEAST_HANDLERS] as const;

it('keeps the buckets of a rate limit when reloads change a route', async () => {
  const gateway = await started();
  expect(await statuses(gateway, 2)).toEqual([200, 200]);
  await gateway.gateway.reload(declaration('/a'));
  await gateway.gateway.reload(declaration('/b'));

  expect(await statuses(gateway, 2)).toEqual([200, 429]);
});

it('keeps the count of connections of all listeners when reloads change a route', async () => {
  const gateway = await started();
  const kept = [gateway.connect(), gateway.connect()];
  gateway.turn();
  await gateway.gateway.reload(declaration('/a'));
  await gateway.gateway.reload(declaration('/b'));

  await expect(gateway.request()).rejects.toThrow();
  for (const client of kept) client.close();
  gateway.turn();
  expect((await gateway.request()).status).toBe(200);
});

async function started(): Promise<TestGateway> {
  const { modules = [], filters = [] } = declaration('/');
  const gateway = await testGateway({
    handlers: HANDLERS,
    origins: { web: fakeOrigin() },
    modules,
    filters,
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}

/** As it was at the start but for one route more; options are read anew each time. */
function declaration(prefix: string): GatewayDeclaration<readonly [typeof HANDLERS]> {
  const options = new ContainerModule(({ bind }) => {
    bind(RateLimitOptions).toConstantValue(
      new RateLimitOptions({ maxTokens: 3, tokensPerFill: 1, fillIntervalMs: 60_000, keyBy: 'none' }),
    );
    bind(MaxInboundConnectionsOptions).toConstantValue({
      ...new MaxInboundConnectionsOptions(),
      maxTotalConnections: 2,
    });
  });
  return {
    listeners: [{ address: ADDRESS, handlers: HANDLERS }],
    origins: [{ name: 'web', servers: [{ host: '10.1.0.1', port: 80 }] }],
    routes: [{ prefix, origin: 'web' }, { origin: 'web' }],
    filters: [RateLimitFilter],
    modules: [options],
  };
}

async function statuses(gateway: TestGateway, count: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let at = 0; at < count; at++) found.push((await gateway.request()).status);
  return found;
}
