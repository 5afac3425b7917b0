import type { X509Certificate } from 'node:crypto';
import type { Channel } from '@sluice/core';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import type { SslHandshakeInfo } from '@sluice/handler-tls';
import type { LogValue } from './field-operators.ts';

/** Envoy's operators for what the TLS handshake with the client has shown; without TLS they have no value. */
export const TLS_VALUES: Readonly<Record<string, LogValue>> = {
  DOWNSTREAM_TLS_VERSION: ({ channel }) => infoOf(channel)?.protocol,
  DOWNSTREAM_TLS_CIPHER: ({ channel }) => infoOf(channel)?.cipherSuite,
  REQUESTED_SERVER_NAME: ({ channel }) => infoOf(channel)?.requestedSni,
  DOWNSTREAM_LOCAL_SUBJECT: ({ channel }) => subjectOf(infoOf(channel)?.serverCertificate),
  DOWNSTREAM_PEER_SUBJECT: ({ channel }) => subjectOf(infoOf(channel)?.clientCertificate),
  DOWNSTREAM_PEER_ISSUER: ({ channel }) => issuerOf(infoOf(channel)?.clientCertificate),
  DOWNSTREAM_PEER_SERIAL: ({ channel }) => infoOf(channel)?.clientCertificate?.serialNumber.toLowerCase(),
  DOWNSTREAM_PEER_FINGERPRINT_256: ({ channel }) =>
    infoOf(channel)?.clientCertificate?.fingerprint256.replaceAll(':', '').toLowerCase(),
};

function infoOf(channel: Channel): SslHandshakeInfo | undefined {
  return channel.hasAttr(SSL_HANDSHAKE_INFO) ? channel.attr(SSL_HANDSHAKE_INFO).get() : undefined;
}

function subjectOf(certificate: X509Certificate | undefined): string | undefined {
  return certificate && distinguishedName(certificate.subject);
}

function issuerOf(certificate: X509Certificate | undefined): string | undefined {
  return certificate && distinguishedName(certificate.issuer);
}

// RFC 2253: the parts of the name in one line, the last one first. Node.js has a line for each.
function distinguishedName(lines: string): string {
  const parts = lines.split('\n').map((line) => line.replaceAll(/[,+"\\<>;]/g, String.raw`\$&`));
  return parts.toReversed().join(',');
}
