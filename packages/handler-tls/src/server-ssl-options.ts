import type { ClientAuth } from './ssl-handshake-info.ts';

/** A certificate with its chain, and its key, in PEM: as files, which can be read again, or as they are. */
export type CertificateSource =
  | { readonly certFile: string; readonly keyFile: string }
  | { readonly cert: string | Buffer; readonly key: string | Buffer };

/** Certificates of authorities in PEM: a file, which can be read again, or as they are. */
export type CertificateBundle = { readonly file: string } | { readonly pem: string | Buffer };

/** What a server offers and asks of its clients. */
export class ServerSslOptions {
  /** The first one is for clients that name no server, and for names that none is made out to. Names come from the certificates. */
  readonly certificates: readonly CertificateSource[] = [];
  /** Whether clients are asked for a certificate, and must have one. Undefined: `REQUIRE` with a `clientCa`, else `NONE`. */
  readonly clientAuth: ClientAuth | undefined = undefined;
  /** The authorities that certificates of clients must come from. */
  readonly clientCa: readonly CertificateBundle[] = [];
  /** In the order of preference. A client that offers others alone is refused (RFC 7301 §3.2). */
  readonly alpnProtocols: readonly string[] = ['http/1.1', 'http/1.0'];
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3' = 'TLSv1.2';
  /** In the notation of OpenSSL. Undefined: Node's own choice. */
  readonly ciphers: string | undefined = undefined;
  /** 48 bytes that all workers of a listener share, so that each takes up sessions of the others. Undefined: random ones. */
  readonly ticketKeys: Buffer | undefined = undefined;
  /** How long a session can be taken up again, in seconds. */
  readonly sessionTimeoutS: number = 300;
  /** What a client gets that asks for a name without a certificate: the first one, or no connection. */
  readonly unknownServerName: 'default' | 'refuse' = 'default';
}
