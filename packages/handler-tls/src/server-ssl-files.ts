import { Buffer } from 'node:buffer';
import { createHash, X509Certificate } from 'node:crypto';
import { Certificate } from './certificate.ts';
import { readPem } from './pem-files.ts';
import type { CertificateBundle, ServerSslOptions } from './server-ssl-options.ts';
import { TlsConfigError } from './tls-errors.ts';

/** What the files of a server's options held when they were read. */
export interface ServerSslFiles {
  readonly certificates: readonly Certificate[];
  /** The authorities that certificates of clients must come from. */
  readonly clientCa: readonly Buffer[];
  /** Tells one content of the files from another. */
  readonly fingerprint: string;
}

/** Throws a {@link TlsConfigError}. */
export function readServerFiles(options: ServerSslOptions): ServerSslFiles {
  const certificates = options.certificates.map((source) => Certificate.load(source));
  const clientCa = options.clientCa.map((bundle) => loadBundle(bundle));
  return {
    certificates,
    clientCa,
    fingerprint: digest([...certificates.flatMap(({ cert, key }) => [cert, key]), ...clientCa]),
  };
}

/** Authorities that peers are checked against. Throws a {@link TlsConfigError}. */
export function loadBundle(bundle: CertificateBundle): Buffer {
  const pem = 'file' in bundle ? readPem('CA file', bundle.file) : Buffer.from(bundle.pem);
  try {
    void new X509Certificate(pem);
  } catch (cause) {
    const name = 'file' in bundle ? `CA file "${bundle.file}"` : 'CA bundle';
    throw new TlsConfigError(`The ${name} holds no certificate in PEM.`, cause);
  }
  return pem;
}

/** The same for the same parts in the same order, and for no others. */
export function digest(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
