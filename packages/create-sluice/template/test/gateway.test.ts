import { fakeOrigin, runFilters, testGateway } from '@sluice/testing';
import type { FakeOrigin, TestGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';
import { readDeclaration } from '../src/read-declaration.ts';
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
  const app = fakeOrigin({ body: 'hello' });
  const gateway = await start(app, (line) => lines.push(line));

  expect((await gateway.request({ target: '/healthz' })).text).toBe('ok');
  expect((await gateway.request({ target: '/' })).text).toBe('hello');
  expect(app.requests.map(({ headers }) => headers.has('x-request-id'))).toEqual([true]);
  expect(lines).toEqual(['GET 200 0ms SESSION_COMPLETE', 'GET 200 0ms SESSION_COMPLETE']);
});

it('gives up on an origin that is silent for 15 seconds', async () => {
  const gateway = await start(fakeOrigin(() => undefined));
  const client = gateway.connect();
  client.send({ target: '/' });
  gateway.advance(15_000);

  expect((await client.response()).status).toBe(504);
});

/** What gateway.yaml declares, in memory, with an origin that the test plays. */
async function start(app: FakeOrigin, write: (line: string) => void = () => {}): Promise<TestGateway> {
  const { listeners, modules = [], ...declaration } = await readDeclaration('gateway.yaml');
  const log = new ContainerModule(({ bind }) => {
    bind(RequestLogOptions).toConstantValue({ write });
  });
  const gateway = await testGateway({
    ...declaration,
    handlers: listeners[0]?.handlers ?? [],
    modules: [...modules, log],
    origins: { app },
  });
  onTestFinished(() => gateway.stop());
  return gateway;
}
