import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';
import { compileTextFormat } from '@sluice/handler-access-log';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import { HttpResponse, LastHttpContent } from '@sluice/codec-http';
import { expect, it } from 'vitest';
import { connect, receive } from './exchange.ts';

const FORMAT =
  '%DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_TLS_CIPHER% %REQUESTED_SERVER_NAME% "%DOWNSTREAM_PEER_SUBJECT%" ' +
  '%DOWNSTREAM_PEER_SERIAL% %DOWNSTREAM_PEER_FINGERPRINT_256%';

it('has what the handshake has shown', () => {
  const clientCertificate = new X509Certificate(rootCertificates[0] ?? '');
  const { channel, lines } = connect(compileTextFormat(FORMAT));
  channel.attr(SSL_HANDSHAKE_INFO).set({
    protocol: 'TLSv1.3',
    cipherSuite: 'TLS_AES_128_GCM_SHA256',
    requestedSni: 'a.test',
    applicationProtocol: undefined,
    isResumed: false,
    clientAuth: 'REQUIRE',
    serverCertificate: undefined,
    clientCertificate,
  });
  exchange(channel);
  const { serialNumber, fingerprint256 } = clientCertificate;

  expect(lines[0]).toContain('TLSv1.3 TLS_AES_128_GCM_SHA256 a.test "CN=');
  expect(lines[0]).toContain(
    `" ${serialNumber.toLowerCase()} ${fingerprint256.replaceAll(':', '').toLowerCase()}`,
  );
});

it('has no value for them without TLS', () => {
  const { channel, lines } = connect(compileTextFormat(FORMAT));
  exchange(channel);

  expect(lines).toEqual(['- - - "-" - -\n']);
});

function exchange(channel: ReturnType<typeof connect>['channel']): void {
  receive(channel, 'GET / HTTP/1.1\r\nHost: a.test\r\n\r\n');
  channel.writeOutbound(new HttpResponse({ status: 204 }), LastHttpContent.EMPTY);
}
