import { AttributeKey } from '@sluice/core';
import type { Channel } from '@sluice/core';
import type { X509Certificate } from 'node:crypto';

/** Whether clients are asked for a certificate: never, asked but not obliged, or obliged to show one. */
export type ClientAuth = 'NONE' | 'OPTIONAL' | 'REQUIRE';

/** What the TLS handshake of a channel has shown. */
export interface SslHandshakeInfo {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly protocol: string;
  /** The name of the IANA registry, like `TLS_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string;
  /** The server name that the client has asked for (SNI), in lower case; undefined when it named none. */
  readonly requestedSni: string | undefined;
  /** What both sides have agreed on (ALPN); undefined when the client offered nothing. */
  readonly applicationProtocol: string | undefined;
  /** Whether an earlier session was taken up again. */
  readonly isResumed: boolean;
  /** What clients are asked for; with `REQUIRE`, this one has shown a certificate that was verified. */
  readonly clientAuth: ClientAuth;
  /** The certificate that this side has shown. */
  readonly serverCertificate: X509Certificate | undefined;
  /** The certificate of the client, verified; undefined when it has shown none. */
  readonly clientCertificate: X509Certificate | undefined;
}

/** Set once the handshake is complete; absent on a channel without TLS. */
export const SSL_HANDSHAKE_INFO: AttributeKey<SslHandshakeInfo> = AttributeKey.valueOf('_ssl_handshake_info');

const HAS_TLS = AttributeKey.newInstance<boolean>('_has_tls');

/** Has {@link hasTls} say so, also where no handler records what the handshake has shown. */
export function markTls(channel: Channel): void {
  channel.attr(HAS_TLS).set(true);
}

/** Whether the channel has TLS: an SslHandler has completed its handshake, or SSL_HANDSHAKE_INFO tells of one. */
export function hasTls(channel: Channel): boolean {
  return isSet(channel, HAS_TLS) || isSet(channel, SSL_HANDSHAKE_INFO);
}

/** The scheme of URLs that lead to the channel (RFC 9110 §4.2). */
export function schemeOf(channel: Channel): 'http' | 'https' {
  return hasTls(channel) ? 'https' : 'http';
}

function isSet(channel: Channel, key: AttributeKey<unknown>): boolean {
  return channel.hasAttr(key) && channel.attr(key).get() !== undefined;
}
