import { HttpHeaders, HttpRequestDecoder, LastHttpContent } from '@sluice/codec-http';
import { AttributeKey } from '@sluice/core';
import { TrustedPeers } from '@sluice/handler-proxy-protocol';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import { SOURCE_ADDRESS } from '@sluice/handler-connection';
import { describe, expect, it } from 'vitest';
import { addForwardingHeaders } from '../src/proxy/forwarding-headers.ts';
import { OriginManager, ProxyEndpoint } from '../src/index.ts';
import { answerInPlaceOfOrigin } from '../src/proxy/max-forwards.ts';
import { bytes, Client, embeddedConnector, fieldsOf, proxyTo, requestOf, sent } from './support.ts';

describe('ProxyEndpoint', () => {
  it('refuses with 404 a request that no route has given an origin', () => {
    expect(() => endpoint().open(requestOf(), new Client())).toThrow(
      expect.objectContaining({ status: 404, category: 'SUCCESS_LOCAL_NO_ROUTE' }),
    );
  });

  it('says which origin a filter has named in vain', () => {
    const request = requestOf();
    request.context.origin = 'nowhere';

    expect(() => endpoint().open(request, new Client())).toThrow('There is no origin named "nowhere".');
  });

  it('gives the origin the host of the server that is chosen when the route says so', () => {
    const { connector, open } = proxyTo({}, { policy: { autoHost: true } });
    const { upstream } = open({ authority: 'client.test' });
    upstream.content(LastHttpContent.EMPTY);

    const head = sent(connector.attempt(0).succeed());

    expect(head).toMatch(/^host: 10\.0\.0\.1\r$/im);
    expect(head).toMatch(/^x-forwarded-host: client\.test\r$/im);
  });

  it('leaves the host of the client to a server that has none', () => {
    const { connector, open } = proxyTo(
      {},
      { addresses: [{ path: '/run/o.sock' }], policy: { autoHost: true } },
    );
    const { upstream } = open({ authority: 'client.test' });
    upstream.content(LastHttpContent.EMPTY);

    expect(sent(connector.attempt(0).succeed())).toMatch(/^host: client\.test\r$/im);
  });

  it('answers for the origin when it was asked how far a request goes', () => {
    const client = new Client();
    const headers = HttpHeaders.of([['max-forwards', '0']]);
    const upstream = endpoint().open(requestOf({ method: 'OPTIONS', headers }), client);
    upstream.end(true);

    expect(client.response?.status).toBe(200);
  });
});

describe('addForwardingHeaders', () => {
  it('says who asked for what', () => {
    const request = requestOf();
    addForwardingHeaders(request);

    expect(fieldsOf(request.headers)).toEqual([
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: example.test',
      'Via: 1.1 sluice',
    ]);
  });

  it.each([
    'Forwarded',
    'X-FORWARDED-FOR',
    'X-Forwarded-Host',
    'X-Forwarded-Port',
    'X-Forwarded-Prefix',
    'X-Forwarded-Proto',
    'X-Real-IP',
    'X_Forwarded_For',
    'X_Forwarded_Host',
    'X_Forwarded_Proto',
    'X_Real_IP',
  ])('removes what the client claims in %s', (name) => {
    const headers = received([
      [name, '6.6.6.6'],
      [name, '6.6.6.6'],
      ['accept', '*/*'],
    ]);
    const request = requestOf({ headers });
    addForwardingHeaders(request);

    expect(fieldsOf(request.headers).join('\n')).not.toContain('6.6.6.6');
    expect(request.headers.get('accept')).toBe('*/*');
  });

  it.each([
    ['X-Real-IP', '9.9.9.9'],
    ['X-Forwarded-Prefix', '/api'],
    ['Forwarded', 'for=1.1.1.1'],
  ])('keeps %s that a filter has set in the place of what the client claims', (name, value) => {
    const request = requestOf({ headers: received([[name.toUpperCase(), '6.6.6.6']]) });
    request.headers.set(name, value);
    addForwardingHeaders(request);

    expect(request.headers.getAll(name)).toEqual([value]);
  });

  it.each(['X-Forwarded-For', 'X_Forwarded_For', 'x-forwarded-proto', 'X-Forwarded-Host'])(
    'writes itself what a filter has set in %s',
    (name) => {
      const request = requestOf();
      request.headers.set(name, '6.6.6.6');
      addForwardingHeaders(request);

      expect(fieldsOf(request.headers)).toHaveLength(4);
      expect(fieldsOf(request.headers).join('\n')).not.toContain('6.6.6.6');
    },
  );

  it('names the client that a proxy in front tells of', () => {
    const request = requestOf();
    request.context.channel.attr(AttributeKey.valueOf<string>('_source_address')).set('203.0.113.7');
    addForwardingHeaders(request);

    expect(request.headers.getAll('x-forwarded-for')).toEqual(['203.0.113.7']);
  });

  it('names an IPv4 client as that when it came over an IPv6 socket', () => {
    const request = requestOf({}, { host: '::ffff:192.0.2.1', port: 1 });
    addForwardingHeaders(request);

    expect(request.headers.get('x-forwarded-for')).toBe('192.0.2.1');
  });

  it('names an IPv6 client as it is', () => {
    const request = requestOf({}, { host: '2001:db8::1', port: 1 });
    addForwardingHeaders(request);

    expect(request.headers.get('x-forwarded-for')).toBe('2001:db8::1');
  });

  it('names another client when the connection has another one', () => {
    const request = requestOf();
    addForwardingHeaders(request);
    request.context.channel.attr(SOURCE_ADDRESS).set('198.51.100.9');
    addForwardingHeaders(request);

    expect(request.headers.getAll('x-forwarded-for')).toEqual(['198.51.100.9']);
  });

  it('names no client that came over a Unix socket', () => {
    const request = requestOf({}, { path: '/run/a.sock' });
    addForwardingHeaders(request);

    expect(request.headers.has('x-forwarded-for')).toBe(false);
  });

  it('stands behind the proxies that were there before, with the version that was received', () => {
    const headers = HttpHeaders.of([['via', '1.1 edge']]);
    const request = requestOf({ headers, minorVersion: 0 });
    addForwardingHeaders(request);

    expect(request.headers.getAll('via')).toEqual(['1.1 edge', '1.0 sluice']);
  });
});

describe('addForwardingHeaders behind proxies', () => {
  const options = { trustedPeers: new TrustedPeers(['192.0.2.0/24']), sendForwarded: true };
  const claims = [
    ['X-Forwarded-For', '203.0.113.7, 198.51.100.1'],
    ['X-Forwarded-For', '198.51.100.2'],
    ['X-Forwarded-Proto', 'https'],
    ['X-Forwarded-Host', 'public.test'],
    ['Forwarded', 'for=203.0.113.7;proto=https'],
    ['X-Sluice-Expected-Timeout-Ms', '1'],
  ] as const;

  it('keeps what a trusted one says, and adds it to the list', () => {
    const request = requestOf({ headers: received(claims) });
    addForwardingHeaders(request, options);

    expect(fieldsOf(request.headers)).toEqual([
      'X-Forwarded-For: 203.0.113.7, 198.51.100.1, 198.51.100.2, 192.0.2.1',
      'X-Forwarded-Proto: https',
      'X-Forwarded-Host: public.test',
      'Forwarded: for=203.0.113.7;proto=https, for=192.0.2.1;host="example.test";proto=http',
      'Via: 1.1 sluice',
    ]);
  });

  it('says itself what a trusted one has left out', () => {
    const request = requestOf();
    addForwardingHeaders(request, options);

    expect(fieldsOf(request.headers).slice(0, 3)).toEqual([
      'X-Forwarded-For: 192.0.2.1',
      'X-Forwarded-Proto: http',
      'X-Forwarded-Host: example.test',
    ]);
  });

  it.each([
    ['198.51.100.9', 'for=198.51.100.9'],
    ['2001:db8::1', 'for="[2001:db8::1]"'],
  ])('takes nothing from another, %s', (host, node) => {
    const request = requestOf({ headers: received(claims) }, { host, port: 1 });
    addForwardingHeaders(request, options);

    expect(request.headers.getAll('x-forwarded-for')).toEqual([host]);
    expect(request.headers.getAll('forwarded')).toEqual([`${node};host="example.test";proto=http`]);
  });

  it('tells that the client came over TLS', () => {
    const request = requestOf();
    request.context.channel.attr(SSL_HANDSHAKE_INFO).set({ clientAuth: 'NONE' } as never);
    addForwardingHeaders(request);

    expect(request.headers.get('x-forwarded-proto')).toBe('https');
  });
});

describe('answerInPlaceOfOrigin', () => {
  it('lets every other method pass, whatever Max-Forwards says', () => {
    expect(answerInPlaceOfOrigin(withMaxForwards('GET', '0'))).toBeUndefined();
  });

  it('answers an OPTIONS that goes no further', () => {
    const response = answerInPlaceOfOrigin(withMaxForwards('OPTIONS', '0'));

    expect(response?.status).toBe(200);
    expect(response?.headers.get('allow')).toContain('OPTIONS');
  });

  it.each([
    ['10', '9'],
    ['0001', '0'],
    ['1000000000', '999999999'],
    ['99999999999999999999', '999999999'],
  ])('counts down for one that goes on: %s', (value, forwarded) => {
    const request = withMaxForwards('OPTIONS', value);

    expect(answerInPlaceOfOrigin(request)).toBeUndefined();
    expect(request.headers.get('max-forwards')).toBe(forwarded);
  });

  it.each(['', '-1', '1.0', 'x'])('leaves %j alone', (value) => {
    const request = withMaxForwards('OPTIONS', value);

    expect(answerInPlaceOfOrigin(request)).toBeUndefined();
    expect(request.headers.get('max-forwards')).toBe(value);
  });

  it('refuses TRACE with 405', () => {
    expect(() => answerInPlaceOfOrigin(requestOf({ method: 'TRACE' }))).toThrow(
      expect.objectContaining({ status: 405, keepAlive: false }),
    );
  });
});

function withMaxForwards(method: string, value: string) {
  return requestOf({ method, headers: HttpHeaders.of([['max-forwards', value]]) });
}

function endpoint(): ProxyEndpoint {
  const connector = embeddedConnector();
  return new ProxyEndpoint(new OriginManager([], connector, connector.loop));
}

/** Fields as a client sends them. */
function received(fields: readonly (readonly [name: string, value: string])[]): HttpHeaders {
  let headers = new HttpHeaders();
  const decoder = new HttpRequestDecoder({
    onHead: (request) => void (headers = request.headers),
    onContent: () => {},
    onLast: () => {},
  });
  const lines = fields.map(([name, value]) => `${name}: ${value}\r\n`);
  decoder.decode(bytes(`GET / HTTP/1.1\r\nHost: a\r\n${lines.join('')}\r\n`));
  return headers;
}
