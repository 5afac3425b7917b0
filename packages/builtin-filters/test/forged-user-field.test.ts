import {
  BasicAuthFilter,
  BasicAuthOptions,
  hashPassword,
  RequestIdFilter,
  StripUserFieldFilter,
} from '@sluice/builtin-filters';
import { filterOptions, sortFilters } from '@sluice/filters';
import { RouterFilter } from '@sluice/router';
import { fakeOrigin, testGateway } from '@sluice/testing';
import type { TestGateway } from '@sluice/testing';
import type { ReceivedRequest } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it } from 'vitest';

const CHUNKED = 'transfer-encoding: chunked';
const ADA = { name: 'ada', hash: await hashPassword('secret', { ln: 1, r: 1, p: 1 }) };
const CREDENTIALS = `authorization: Basic ${Buffer.from('ada:secret').toString('base64')}`;
const FORGED = ['x-user: admin', 'X_User: root', 'x.user: root'];

it('takes the user field of clients and its aliases out where a route needs no password', async () => {
  const [request] = await requestsOf(head('/open', FORGED));

  expect(fieldsLike(request, 'user')).toEqual([]);
});

it('leaves the name that was verified alone in its field', async () => {
  const [request] = await requestsOf(head('/', [...FORGED, CREDENTIALS]));

  expect(fieldsLike(request, 'user')).toEqual([['x-user', 'ada']]);
});

it('takes them out of trailers, and leaves the others', async () => {
  const [request] = await requestsOf(
    `${head('/open', [CHUNKED], 'POST')}1\r\na\r\n0\r\nX-User: admin\r\nx_user: root\r\nx-sum: 1\r\n\r\n`,
  );

  expect(request?.text).toBe('a');
  expect([...(request?.trailers ?? [])]).toEqual([['x-sum', '1']]);
});

it('chooses no route by such a field', async () => {
  const [request] = await requestsOf(head('/', [...FORGED, CREDENTIALS]), [
    { headers: [{ name: 'x-user', exact: 'admin' }], response: { status: 403 } },
    { origin: 'api' },
  ]);

  expect(request?.target).toBe('/');
});

it('leaves a body the length that was announced', async () => {
  const [request] = await requestsOf(`${head('/open', ['content-length: 1'], 'POST')}a`);

  expect(request?.text).toBe('a');
});

it('stands before the router, and before all others', () => {
  const sorted = sortFilters([RequestIdFilter, BasicAuthFilter, RouterFilter, StripUserFieldFilter]);

  expect(sorted.map((filter) => filterOptions(filter).name)).toEqual([
    'strip-user-field',
    'request-id',
    'basic-auth',
    'router',
  ]);
});

type Routes = NonNullable<Parameters<typeof testGateway>[0]['routes']>;

// As a file's `basic-auth: false` names both.
const OPEN = { 'basic-auth': false, 'strip-user-field': false };
const ROUTES: Routes = [{ prefix: '/open', origin: 'api', filters: OPEN }, { origin: 'api' }];

/** What has come to the origin of what a client sends. */
async function requestsOf(text: string, routes: Routes = ROUTES): Promise<readonly ReceivedRequest[]> {
  const api = fakeOrigin({ body: 'hello' });
  const gateway = await testGateway({
    filters: [BasicAuthFilter, StripUserFieldFilter],
    modules: [
      new ContainerModule(({ bind }) => {
        const options = new BasicAuthOptions({ users: [ADA], userField: 'x-user' });
        bind(BasicAuthOptions).toConstantValue(options);
      }),
    ],
    origins: { api },
    routes,
  });
  await answered(gateway, text);
  await gateway.stop();
  return api.requests;
}

/** The hash is computed on another thread. */
async function answered(gateway: TestGateway, text: string): Promise<void> {
  const wire = gateway.connectRaw();
  wire.send(text);
  while (wire.received === '') {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    await gateway.settle();
  }
}

function head(target: string, fields: readonly string[], method = 'GET'): string {
  return `${[`${method} ${target} HTTP/1.1`, 'host: a.example', ...fields].join('\r\n')}\r\n\r\n`;
}

function fieldsLike(
  request: ReceivedRequest | undefined,
  part: string,
): readonly (readonly [string, string])[] {
  return [...(request?.headers ?? [])].filter(([name]) => name.toLowerCase().includes(part));
}
