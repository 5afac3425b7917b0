import type { CertificateBundle, CertificateSource } from './server-ssl-options.ts';

/** How servers are spoken to with TLS. Their certificates are always verified. */
export class ClientSslOptions {
  /** The name to ask for (SNI) and to find in the certificate. Undefined: the host that was connected to. */
  readonly serverName: string | undefined = undefined;
  /** The authorities that certificates must come from. Empty: those that Node.js knows. */
  readonly ca: readonly CertificateBundle[] = [];
  /** What to show when the server asks for a certificate. Undefined: nothing. */
  readonly certificate: CertificateSource | undefined = undefined;
  readonly alpnProtocols: readonly string[] = ['http/1.1'];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2';
  /** In the notation of OpenSSL. Undefined: Node's own choice. */
  readonly ciphers: string | undefined = undefined;
}
