import { CorsFilter, CorsOptions, hashPassword, MirrorFilter, MirrorOptions } from '@sluice/builtin-filters';
import { fakeOrigin, rawOrigin, testGateway, unreachableOrigin } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { describe, expect, it } from 'vitest';
import { filters, optionsFor } from './examples/guarded-gateway.ts';

describe('the example of the README', () => {
  it('lets in who knows the password, so many times a second', async () => {
    const api = fakeOrigin({ body: 'hello' });
    const hash = await hashPassword('secret', { ln: 1, r: 1, p: 1 });
    const gateway = await testGateway({ filters, modules: [optionsFor(hash)], origins: { api } });
    const client = gateway.connect();
    const headers = { authorization: `Basic ${Buffer.from('ada:secret').toString('base64')}` };

    const unknown = await client.request();
    client.send({ headers });
    // The hash is computed on another thread.
    while (client.responses.length < 2) await Promise.all([nextTurn(), gateway.settle()]);
    const known = await client.response();
    const others = [];
    for (let i = 0; i < 9; i++) others.push((await client.request({ headers })).status);

    expect(unknown.status).toBe(401);
    expect(unknown.headers.get('x-request-id')).toBeDefined();
    expect(known.text).toBe('hello');
    expect(known.headers.get('ratelimit')).toBe('"default";r=8;t=1');
    expect(others).toEqual([...Array.from({ length: 8 }, () => 200), 429]);
    expect(api.requests.some(({ headers }) => headers.has('authorization'))).toBe(false);
    await gateway.stop();
  });
});

describe('a preflight in a gateway', () => {
  const modules = [
    new ContainerModule(({ bind }) => {
      bind(CorsOptions).toConstantValue(new CorsOptions({ allowedOrigins: ['https://a.example'] }));
    }),
  ];

  it('is answered as the route of the request that it asks about says', async () => {
    const api = fakeOrigin({ status: 403 });
    const routes = [
      { prefix: '/closed', methods: ['GET'], origin: 'api', filters: { cors: false } },
      { origin: 'api' },
    ];
    const gateway = await testGateway({ filters: [CorsFilter], modules, routes, origins: { api } });
    const client = gateway.connect();
    const ask = (target: string, method: string) => {
      const headers = { origin: 'https://a.example', 'access-control-request-method': method };
      return client.request({ method: 'OPTIONS', target, headers });
    };

    const statuses = [await ask('/closed', 'GET'), await ask('/closed', 'PUT'), await ask('/', 'GET')];

    expect(statuses.map(({ status }) => status)).toEqual([403, 204, 204]);
    await gateway.stop();
  });
});

describe('a mirror in a gateway', () => {
  const mirrorTo = { filters: [MirrorFilter], routes: [{ origin: 'api' }] };
  const modules = [
    new ContainerModule(({ bind }) => {
      bind(MirrorOptions).toConstantValue(new MirrorOptions({ origin: 'shadow' }));
    }),
  ];

  it('sends its copies through the pool of the other origin', async () => {
    const api = fakeOrigin({ body: 'hello' });
    const shadow = fakeOrigin({ status: 500, body: 'dropped' });
    const gateway = await testGateway({ ...mirrorTo, modules, origins: { api, shadow } });
    const client = gateway.connect();

    const responses = [
      await client.request({ method: 'POST', target: '/a', body: 'body', headers: { 'x-a': '1' } }),
      await client.request({ target: '/b' }),
    ];
    await gateway.settle();

    expect(responses.map(({ status, text }) => `${status} ${text}`)).toEqual(['200 hello', '200 hello']);
    expect(shadow.requests.map(({ method, target, text }) => `${method} ${target} ${text}`)).toEqual([
      'POST /a body',
      'GET /b ',
    ]);
    expect(shadow.requests[0]?.authority).toBe('gateway.test-shadow');
    expect(shadow.requests[0]?.headers.getAll('x-forwarded-host')).toEqual(['gateway.test']);
    expect(shadow.requests[0]?.headers.getAll('via')).toHaveLength(1);
    expect(api.requests[0]?.headers.getAll('via')).toHaveLength(1);
    expect(shadow.connections).toBe(1);
    await gateway.stop();
  });

  it.each([
    ['can not be reached', unreachableOrigin],
    ['says nothing', fakeOrigin(() => undefined)],
    ['speaks another language', rawOrigin((wire) => wire.send('hello?\r\n\r\n'))],
  ])('is not felt when the other origin %s', async (_what, shadow) => {
    const api = fakeOrigin({ body: 'hello' });
    const gateway = await testGateway({ ...mirrorTo, modules, origins: { api, shadow } });

    const response = await gateway.request({ method: 'POST', body: 'body' });
    gateway.advance(60_000);

    expect(`${response.status} ${response.text}`).toBe('200 hello');
    expect(api.requests).toHaveLength(1);
    await gateway.stop();
    expect(gateway.clock.pendingTimers).toBe(0);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
