import { runFilters, testGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { QuotaFieldsFilter, QuotaFilter, Quotas, ReadOnlyFilter } from './write-a-filter/quota-filter.ts';

it('lets a client call while there are calls left, and says how many', async () => {
  const { response, originRequest } = await runFilters(
    [QuotaFilter, QuotaFieldsFilter],
    { target: '/api/orders' },
    { modules: [quotas(3)] },
  );

  expect(originRequest).toBeDefined();
  expect(response.headers.get('x-calls-left')).toBe('3');
});

it('answers in place of the origin when there are none', async () => {
  const { response, originRequest } = await runFilters(
    [QuotaFilter, QuotaFieldsFilter],
    { target: '/api/orders' },
    { modules: [quotas(0)] },
  );

  expect([response.status, response.text]).toEqual([429, 'Enough for today.\n']);
  expect(response.headers.get('x-calls-left')).toBe('0');
  expect(originRequest).toBeUndefined();
});

it('refuses what would write', async () => {
  const { response } = await runFilters([ReadOnlyFilter], { method: 'DELETE', target: '/api/orders/1' });

  expect([response.status, response.headers.get('content-type')]).toEqual([405, 'application/problem+json']);
});

it('goes on without an answer that takes too long', async () => {
  const silent = new ContainerModule(({ bind }) => {
    bind(Quotas).toConstantValue({ callsLeft: () => new Promise<number>(() => {}) });
  });
  const gateway = await testGateway({
    filters: [QuotaFilter],
    modules: [silent],
    routes: [{ prefix: '/', response: { status: 204 } }],
  });
  onTestFinished(() => gateway.stop());
  const client = gateway.connect();
  client.send({ target: '/api/orders' });
  gateway.advance(500);

  expect((await client.response()).status).toBe(204);
});

function quotas(left: number): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(Quotas).toConstantValue({ callsLeft: () => Promise.resolve(left) });
  });
}
