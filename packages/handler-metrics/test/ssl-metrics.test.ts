import { ClosedChannelError, EmbeddedChannel, silentLogger } from '@sluice/core';
import { MetricsRegistry, SslExceptionsHandler, SslMetricsChannelHandler } from '@sluice/handler-metrics';
import {
  NotSslRecordError,
  PeerCertificateError,
  PlainHttpError,
  SSL_HANDSHAKE_INFO,
  SslHandshakeCompletionEvent,
  SslHandshakeTimeoutError,
} from '@sluice/handler-tls';
import type { SslHandshakeInfo } from '@sluice/handler-tls';
import { describe, expect, it } from 'vitest';
import { samplesOf } from './samples.ts';

const INFO: SslHandshakeInfo = {
  protocol: 'TLSv1.3',
  cipherSuite: 'TLS_AES_128_GCM_SHA256',
  requestedSni: 'a.test',
  applicationProtocol: 'http/1.1',
  isResumed: false,
  clientAuth: 'OPTIONAL',
  serverCertificate: undefined,
  clientCertificate: undefined,
};

describe('SslMetricsChannelHandler', () => {
  it('counts a handshake with what it has shown', async () => {
    const { registry, complete } = connect(INFO);
    complete(SslHandshakeCompletionEvent.SUCCESS);

    expect(await samplesOf(registry, 'server_ssl_handshake')).toEqual({
      'server_ssl_handshake_total{id="http-unix",success="true",protocol="TLSv1.3",ciphersuite="TLS_AES_128_GCM_SHA256",clientauth="OPTIONAL",failure_cause="none"}': 1,
    });
  });

  it.each([
    [Object.assign(new Error('no'), { code: 'ERR_SSL_NO_SHARED_CIPHER' }), 'ERR_SSL_NO_SHARED_CIPHER'],
    [new PeerCertificateError('CERT_HAS_EXPIRED', new Error('expired')), 'CERT_HAS_EXPIRED'],
  ])('counts one that has failed by its cause: %s', async (error, cause) => {
    const { registry, complete } = connect();
    complete(new SslHandshakeCompletionEvent(error));
    const [name] = Object.keys(await samplesOf(registry, 'server_ssl_handshake'));

    expect(name).toContain(`success="false"`);
    expect(name).toContain(`failure_cause="${cause}"`);
  });

  it.each([
    [new ClosedChannelError(), 'closed'],
    [new SslHandshakeTimeoutError(1), 'timeout'],
    [new PlainHttpError(), 'plain_http'],
    [new NotSslRecordError(), 'not_tls'],
  ])('counts %s as a probe, not as a handshake', async (error, cause) => {
    const { registry, complete } = connect();
    complete(new SslHandshakeCompletionEvent(error));

    expect(await samplesOf(registry, 'server_ssl_')).toEqual({
      [`server_ssl_probe_total{id="http-unix",cause="${cause}"}`]: 1,
    });
  });
});

describe('SslExceptionsHandler', () => {
  it('counts errors of TLS and keeps them from the handlers behind', async () => {
    const registry = new MetricsRegistry();
    const channel = embedded(new SslExceptionsHandler(registry));
    channel.pipeline.fireExceptionCaught(Object.assign(new Error('mac'), { code: 'ERR_SSL_BAD_RECORD_MAC' }));

    expect(() => channel.checkException()).not.toThrow();
    expect(await samplesOf(registry, 'server_ssl_exception')).toEqual({
      'server_ssl_exception_swallowed_total{cause="ERR_SSL_BAD_RECORD_MAC"}': 1,
    });
  });

  it('passes other errors on', () => {
    const channel = embedded(new SslExceptionsHandler(new MetricsRegistry()));
    channel.pipeline.fireExceptionCaught(new TypeError('a fault of ours'));

    expect(() => channel.checkException()).toThrow('a fault of ours');
  });
});

function connect(info?: SslHandshakeInfo) {
  const registry = new MetricsRegistry();
  const channel = embedded(new SslMetricsChannelHandler(registry));
  channel.attr(SSL_HANDSHAKE_INFO).set(info);
  const complete = (event: SslHandshakeCompletionEvent) => channel.pipeline.fireUserEventTriggered(event);
  return { registry, complete };
}

function embedded(handler: SslMetricsChannelHandler | SslExceptionsHandler): EmbeddedChannel {
  return new EmbeddedChannel({
    localAddress: { path: '/run/gateway.sock' },
    logger: silentLogger,
    handlers: [handler],
  });
}
