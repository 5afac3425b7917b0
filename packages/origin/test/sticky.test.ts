import { HttpHeaders, LastHttpContent } from '@sluice/codec-http';
import type { HttpRequestInit } from '@sluice/codec-http';
import { xxHash64OfText } from '@sluice/load-balancing';
import { describe, expect, it } from 'vitest';
import { RequestHasher } from '../src/balancing/request-hasher.ts';
import { OriginManager, ProxyEndpoint } from '../src/index.ts';
import type { HashPolicy } from '../src/index.ts';
import { bytes, Client, embeddedConnector, requestOf } from './support.ts';

const TEN = Array.from({ length: 10 }, (_, at) => ({ host: `10.0.0.${at + 1}`, port: 80 }));

describe('the hash of a request', () => {
  it.each<[string, HashPolicy[], Partial<HttpRequestInit>, string | undefined]>([
    ['a header', [{ type: 'header', name: 'X-User' }], fields(['x-user', 'ann']), 'ann'],
    [
      'a header of several fields',
      [{ type: 'header', name: 'x-user' }],
      fields(['x-user', 'b'], ['x-user', 'a']),
      'a,b',
    ],
    ['the host', [{ type: 'header', name: 'Host' }], { authority: 'A.example:81' }, 'a.example:81'],
    ['no header', [{ type: 'header', name: 'x-user' }], {}, undefined],
    ['a cookie', [{ type: 'cookie', name: 'id' }], fields(['cookie', 'xid=1; id=42; idx=2']), '42'],
    ['a quoted cookie', [{ type: 'cookie', name: 'id' }], fields(['cookie', 'id="42"']), '42'],
    ['no cookie, where none is given', [{ type: 'cookie', name: 'id' }], {}, undefined],
    ['a parameter', [{ type: 'query', name: 'id' }], { target: '/?xid=1&id=4%32&id=3' }, '42'],
    ['a parameter whose name is encoded', [{ type: 'query', name: 'id' }], { target: '/?%69d=a+b' }, 'a b'],
    ['no parameter', [{ type: 'query', name: 'id' }], { target: '/?idx=1' }, undefined],
    ['the address of the client', [{ type: 'source-address' }], {}, '192.0.2.1'],
    [
      'the first that is final',
      [{ type: 'header', name: 'x-user', isTerminal: true }, { type: 'source-address' }],
      fields(['x-user', 'ann']),
      'ann',
    ],
  ])('is that of %s', (_what, policies, init, text) => {
    const { hashKey, newCookie } = new RequestHasher(policies).choiceFor(requestOf(init));

    expect(hashKey?.toString()).toBe(text === undefined ? undefined : String(xxHash64OfText(text)));
    expect(newCookie).toBeUndefined();
  });

  it('combines what several policies find', () => {
    const hasher = new RequestHasher([{ type: 'header', name: 'x-user' }, { type: 'source-address' }]);
    const { hashKey } = hasher.choiceFor(requestOf(fields(['x-user', 'ann'])));

    const expected = xxHash64OfText('ann').combinedWith(xxHash64OfText('192.0.2.1'));
    expect(String(hashKey)).toBe(String(expected));
  });

  it.each([
    [{ ttlMs: 1500 }, /^id=[0-9a-f]{32}; Max-Age=2; Path=\/; HttpOnly$/],
    [{ ttlMs: 0, path: '/app', isSecure: true }, /^id=[0-9a-f]{32}; Path=\/app; HttpOnly; Secure$/],
  ])('is that of a new cookie where one is given: %j', (options, pattern) => {
    const hasher = new RequestHasher([{ type: 'cookie', name: 'id', ...options }]);
    const { hashKey, newCookie } = hasher.choiceFor(requestOf());

    expect(newCookie).toMatch(pattern);
    const value = /=(?<value>\w+)/.exec(newCookie ?? '')?.groups?.['value'] ?? '';
    expect(String(hashKey)).toBe(String(xxHash64OfText(value)));
  });
});

describe.each(['ring-hash', 'maglev'] as const)('a sticky cookie with %s', (policy) => {
  it('is given with the first response, and brings the client back to its server', () => {
    const { connector, open } = sticky(policy);
    const first = open({});
    const channel = connector.attempt(0).succeed();
    channel.writeInbound(bytes('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    const cookie = first.response?.headers.get('set-cookie')?.split(';')[0] ?? '';
    expect(cookie).toMatch(/^sluice=/);

    for (let count = 1; count <= 5; count++) {
      const again = open(fields(['cookie', `a=b; ${cookie}`]));
      expect(connector.attempt(count).address).toEqual(connector.attempt(0).address);
      connector.attempt(count).succeed().writeInbound(bytes('HTTP/1.1 204 No Content\r\n\r\n'));
      expect(again.response?.headers.has('set-cookie')).toBe(false);
    }
  });
});

function sticky(policy: 'ring-hash' | 'maglev') {
  const connector = embeddedConnector();
  const origins = new OriginManager(
    [
      {
        name: 'origin',
        servers: TEN,
        loadBalancer: policy,
        hashPolicy: [{ type: 'cookie', name: 'sluice', ttlMs: 0 }],
        options: { maxRequestsPerConnection: 1 },
      },
    ],
    connector,
    connector.loop,
  );
  const endpoint = new ProxyEndpoint(origins);
  const open = (init: Partial<HttpRequestInit>): Client => {
    const request = requestOf(init);
    request.context.origin = 'origin';
    const client = new Client();
    endpoint.open(request, client).content(LastHttpContent.EMPTY);
    return client;
  };
  return { connector, open };
}

function fields(...entries: [string, string][]): Partial<HttpRequestInit> {
  return { headers: HttpHeaders.of(entries) };
}
