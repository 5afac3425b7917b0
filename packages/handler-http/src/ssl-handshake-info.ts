import { AttributeKey } from '@sluice/core';

/** What the TLS handshake of a channel has shown, as far as HTTP handlers decide by it. */
export interface SslHandshakeInfo {
  /** Whether the client had to show a certificate: `REQUIRE` means that it did, and that it was verified. */
  readonly clientAuth: 'NONE' | 'OPTIONAL' | 'REQUIRE';
}

/** Set once the handshake is complete; absent on a channel without TLS. */
export const SSL_HANDSHAKE_INFO: AttributeKey<SslHandshakeInfo> =
  AttributeKey.valueOf('sluice.ssl-handshake-info');
