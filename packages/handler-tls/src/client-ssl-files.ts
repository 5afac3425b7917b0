import { Certificate } from './certificate.ts';
import type { ClientSslOptions } from './client-ssl-options.ts';
import { loadBundle } from './server-ssl-files.ts';

/**
 * The same options with what their files hold in the place of the files: contexts that are made of them later are as
 * those that are made now. Throws a {@link TlsConfigError} for a file that can't be used.
 */
export function readClientFiles({
  ca,
  certificate,
  ...options
}: Partial<ClientSslOptions>): Partial<ClientSslOptions> {
  return {
    ...options,
    ...(ca && { ca: ca.map((bundle) => ({ pem: String(loadBundle(bundle)) })) }),
    ...(certificate && { certificate: inPem(Certificate.load(certificate)) }),
  };
}

function inPem({ cert, key }: Certificate): { readonly cert: string; readonly key: string } {
  return { cert: String(cert), key: String(key) };
}
