import { fakeOrigin, testGateway } from '@sluice/testing';
import type { ReceivedRequest, TestGatewayDeclaration } from '@sluice/testing';
import { expect, it } from 'vitest';

const CLAIMS = [
  'x-real-ip: 6.6.6.6',
  'X_Real_IP: 6.6.6.6',
  'x-forwarded-prefix: /admin',
  'forwarded: for=6.6.6.6',
];

it('gives the origin what a route sets in place of what the client claims', async () => {
  const set = { 'x-real-ip': '9.9.9.9', 'x-forwarded-prefix': '/api', 'x-forwarded-port': '443' };

  const request = await proxied([{ origin: 'api', requestHeaders: { set } }]);

  expect(ofClient(request)).toEqual([
    'x-real-ip: 9.9.9.9',
    'x-forwarded-prefix: /api',
    'x-forwarded-port: 443',
  ]);
});

it('gives it nothing of what the client claims where no route sets anything, in no trailer either', async () => {
  const request = await proxied([{ origin: 'api' }]);

  expect(ofClient(request)).toEqual([]);
  expect([...(request?.trailers ?? [])]).toEqual([]);
});

/** The request as the origin of a gateway gets it that has no handler which strips fields. */
async function proxied(
  routes: NonNullable<TestGatewayDeclaration['routes']>,
): Promise<ReceivedRequest | undefined> {
  const api = fakeOrigin();
  const gateway = await testGateway({ origins: { api }, routes });
  const head = ['POST / HTTP/1.1', 'host: a.example', 'transfer-encoding: chunked', ...CLAIMS, ''];
  gateway.connectRaw().send([...head, '0', ...CLAIMS, '', ''].join('\r\n'));
  await gateway.settle();
  await gateway.stop();
  return api.requests[0];
}

/** The fields that tell of a client, but for those that the proxy adds. */
function ofClient(request: ReceivedRequest | undefined): readonly string[] {
  return [...(request?.headers ?? [])]
    .map(([name, value]) => `${name}: ${value}`)
    .filter((line) => /forwarded|real/i.test(line))
    .filter((line) => !/^X-Forwarded-(?:For|Proto|Host)/.test(line));
}
