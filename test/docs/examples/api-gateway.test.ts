import { fakeOrigin, testGateway } from '@sluice/testing';
import type { FakeOrigin, TestGateway } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';
import { ApiKeys } from '../../../examples/api-gateway/api-key-filter.ts';
import { bindings, filters, handlers, virtualHosts } from '../../../examples/api-gateway/api-gateway.ts';

it('tells the origin whose key it is, and keeps the key', async () => {
  const orders = fakeOrigin({ body: '[]' });
  const gateway = await start(orders);
  const response = await gateway.request({
    target: '/orders/7',
    headers: { 'x-api-key': 'key-of-alice', 'x-tenant': 'bob' },
  });

  expect(response.text).toBe('[]');
  expect(orders.requests[0]?.headers.get('x-tenant')).toBe('alice');
  expect(orders.requests[0]?.headers.has('x-api-key')).toBe(false);
  expect(orders.requests[0]?.headers.has('x-request-id')).toBe(true);
});

it('lets nobody in without a key, but for the health check', async () => {
  const orders = fakeOrigin();
  const gateway = await start(orders);

  expect((await gateway.request({ target: '/orders' })).status).toBe(401);
  expect((await gateway.request({ target: '/healthz' })).text).toBe('ok\n');
  expect(orders.requests).toHaveLength(0);
});

it('logs a request that took long', async () => {
  const gateway = await start(fakeOrigin(() => undefined));
  const client = gateway.connect();
  client.send({ target: '/orders', headers: { 'x-api-key': 'key-of-alice' } });
  gateway.advance(5_000);

  expect((await client.response()).status).toBe(504);
  expect(gateway.log.entries).toContainEqual(
    expect.objectContaining({
      message: 'A request was slow.',
      fields: { method: 'GET', ms: 5_000, reason: 'SESSION_COMPLETE' },
    }),
  );
});

async function start(orders: FakeOrigin): Promise<TestGateway> {
  const modules = [bindings(new ApiKeys([['key-of-alice', 'alice']]))];
  const gateway = await testGateway({ handlers, filters, modules, virtualHosts, origins: { orders } });
  onTestFinished(() => gateway.stop());
  return gateway;
}
