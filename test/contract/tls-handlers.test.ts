import { describe, it } from 'vitest';
import { MetricsRegistry, SslExceptionsHandler, SslMetricsChannelHandler } from '@sluice/handler-metrics';
import {
  ApplicationProtocolNegotiationHandler,
  ServerSslContext,
  SslHandler,
  SslHandshakeInfoHandler,
} from '@sluice/handler-tls';
import { describeHandler } from '@sluice/testing';
import { openssl, TestCa } from '../support/certificates.ts';

describe('TLS: the contract of', () => {
  describeHandler({ describe, it }, () => new SslHandshakeInfoHandler());
  describeHandler({ describe, it }, () => new SslMetricsChannelHandler(new MetricsRegistry()));
  describeHandler({ describe, it }, () => new SslExceptionsHandler(new MetricsRegistry()));
  describeHandler({ describe, it }, () => new ApplicationProtocolNegotiationHandler({ a: () => {} }, 'a'));
});

describe.skipIf(openssl === undefined)('TLS with a certificate: the contract of', () => {
  const context = serverContext();
  if (context === undefined) return;
  describeHandler({ describe, it }, () => new SslHandler(context), {
    // Nothing goes through before a ClientHello has come.
    consumes: ['channelRead', 'channelReadComplete', 'write', 'flush'],
    bytes: ['\x16'],
  });
});

function serverContext(): ServerSslContext | undefined {
  if (openssl === undefined) return undefined;
  const ca = new TestCa();
  const context = new ServerSslContext({ certificates: [ca.issue(['DNS:a.test'])] });
  ca.remove();
  return context;
}
