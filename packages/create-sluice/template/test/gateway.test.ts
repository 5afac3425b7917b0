import { fakeOrigin, runFilters, testGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { filters, routes } from '../src/gateway.ts';
import { handlers } from '../src/pipeline.ts';
import { RequestLogOptions } from '../src/request-log-handler.ts';
import { SecurityFieldsFilter } from '../src/security-fields-filter.ts';

it('adds fields that the origin does not send', async () => {
  const { response } = await runFilters([SecurityFieldsFilter], { target: '/' });

  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

it('keeps those that it does', async () => {
  const originResponse = { headers: { 'referrer-policy': 'same-origin' } };
  const { response } = await runFilters([SecurityFieldsFilter], { target: '/' }, { originResponse });

  expect(response.headers.get('referrer-policy')).toBe('same-origin');
});

it('answers the health check by itself, proxies the rest, and logs both', async () => {
  const lines: string[] = [];
  const log = new ContainerModule(({ bind }) => {
    bind(RequestLogOptions).toConstantValue({ write: (line) => lines.push(line) });
  });
  const app = fakeOrigin({ body: 'hello' });
  const gateway = await testGateway({ handlers, filters, routes, modules: [log], origins: { app } });
  onTestFinished(() => gateway.stop());

  expect((await gateway.request({ target: '/healthz' })).text).toBe('ok\n');
  expect((await gateway.request({ target: '/' })).text).toBe('hello');
  expect(app.requests).toHaveLength(1);
  expect(lines).toEqual(['GET 200 0ms SESSION_COMPLETE', 'GET 200 0ms SESSION_COMPLETE']);
});

it('gives up on an origin that is silent for 15 seconds', async () => {
  const silent = fakeOrigin(() => undefined);
  const gateway = await testGateway({ handlers, filters, routes, origins: { app: silent } });
  onTestFinished(() => gateway.stop());
  const client = gateway.connect();
  client.send({ target: '/' });
  gateway.advance(15_000);

  expect((await client.response()).status).toBe(504);
});
