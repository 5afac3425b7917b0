import { EmbeddedChannel } from '@sluice/core';
import { StripUntrustedProxyHeadersHandler } from '@sluice/handler-http';
import type { StripUntrustedProxyHeadersOptions } from '@sluice/handler-http';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import type { ClientAuth, SslHandshakeInfo } from '@sluice/handler-tls';
import { describe, expect, it } from 'vitest';
import { fields, request } from './support.ts';

const FORWARDING = [
  'CF-Connecting-IP',
  'Forwarded',
  'True-Client-IP',
  'X-Client-IP',
  'X-Cluster-Client-IP',
  'X-Forwarded-By',
  'X-Forwarded-Client-Cert',
  'X-Forwarded-For',
  'X-Forwarded-Host',
  'X-Forwarded-Port',
  'X-Forwarded-Prefix',
  'X-Forwarded-Proto',
  'X-Forwarded-Proto-Version',
  'X-Forwarded-Protocol',
  'X-Forwarded-Scheme',
  'X-Forwarded-Server',
  'X-Forwarded-Ssl',
  'X-Original-Forwarded-For',
  'X-Original-URL',
  'X-Real-IP',
  'X-Rewrite-URL',
  'Client-IP',
  'Proxy',
  'X-SSL-Client-Cert',
  'Front-End-Https',
  'X-Envoy-External-Address',
];

describe('StripUntrustedProxyHeadersHandler', () => {
  it.each(FORWARDING)('strips %s when it is never allowed, which is the default', (name) => {
    expect(kept([name, 'accept'])).toEqual(['accept']);
  });

  it.each(['X_Forwarded_For', 'x.forwarded.proto', 'X-Forwarded_Proto.Version', 'X_REAL_IP'])(
    'strips %s, which some origins take for the same',
    (name) => {
      expect(kept([name])).toEqual([]);
    },
  );

  it('strips every field of a name', () => {
    expect(kept(['x-forwarded-for', 'accept', 'X-Forwarded-For'])).toEqual(['accept']);
  });

  it.each(['x-forwarded-for-me', 'xforwardedfor', 'via'])('keeps %s', (name) => {
    expect(kept([name])).toEqual([name]);
  });

  it('keeps all of them when they are always allowed', () => {
    expect(kept(FORWARDING, { allowProxyHeadersWhen: 'ALWAYS' })).toHaveLength(FORWARDING.length);
  });

  it.each([
    [undefined, 0],
    ['NONE', 0],
    ['OPTIONAL', 0],
    ['REQUIRE', FORWARDING.length],
  ] as const)('for MUTUAL_SSL_AUTH and client authentication %s keeps %i fields', (clientAuth, count) => {
    const info = clientAuth && handshake(clientAuth);

    expect(kept(FORWARDING, { allowProxyHeadersWhen: 'MUTUAL_SSL_AUTH' }, info)).toHaveLength(count);
  });

  it.each([
    ['denied.test', 0],
    ['DENIED.test:8080', 0],
    ['other.test', 1],
    ['sub.denied.test', 1],
  ] as const)('for host %s, with denied.test denied, keeps %i field', (authority, count) => {
    const options = { allowProxyHeadersWhen: 'ALWAYS', deniedHosts: ['Denied.test'] } as const;

    expect(kept(['x-real-ip'], options, undefined, authority)).toHaveLength(count);
  });

  it('passes on other messages', () => {
    const channel = new EmbeddedChannel(new StripUntrustedProxyHeadersHandler());
    channel.writeInbound('other');

    expect(channel.readInbound()).toBe('other');
  });
});

/** The names of the fields that are left of a request with these. */
function kept(
  names: readonly string[],
  options: Partial<StripUntrustedProxyHeadersOptions> = {},
  info?: SslHandshakeInfo,
  authority = 'o.test',
): string[] {
  const channel = new EmbeddedChannel(new StripUntrustedProxyHeadersHandler(options));
  channel.attr(SSL_HANDSHAKE_INFO).set(info);
  const message = request({ authority, headers: fields(names.map((name) => [name, 'value'])) });
  channel.writeInbound(message);
  return message.headers.names();
}

function handshake(clientAuth: ClientAuth): SslHandshakeInfo {
  return {
    protocol: 'TLSv1.3',
    cipherSuite: 'TLS_AES_256_GCM_SHA384',
    requestedSni: undefined,
    applicationProtocol: undefined,
    isResumed: false,
    clientAuth,
    serverCertificate: undefined,
    clientCertificate: undefined,
  };
}
