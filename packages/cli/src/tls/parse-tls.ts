import type { ServerSslOptions } from '@sluice/handler-tls';
import { UsageError } from '../command-line/usage-error.ts';

/** The options of the command line about TLS with clients. */
export interface TlsArguments {
  readonly certFiles: readonly string[];
  readonly keyFiles: readonly string[];
  readonly clientCa: string | undefined;
  readonly clientAuth: string | undefined;
}

/** What the options mean; undefined without a certificate: no TLS. Throws a {@link UsageError}. */
export function parseTls(args: TlsArguments): Partial<ServerSslOptions> | undefined {
  const { certFiles, keyFiles, clientCa } = args;
  if (certFiles.length !== keyFiles.length) {
    const found = `${certFiles.length} --tls-cert and ${keyFiles.length} --tls-key`;
    throw new UsageError(`Each --tls-cert needs its --tls-key, in the same order; got ${found}.`);
  }
  const clientAuth = clientAuthOf(args);
  if (certFiles.length === 0) {
    if (clientCa === undefined) return undefined;
    throw new UsageError('--tls-client-ca needs TLS: give --tls-cert and --tls-key too.');
  }
  return {
    certificates: certFiles.map((certFile, at) => ({ certFile, keyFile: keyFiles[at] ?? '' })),
    clientAuth,
    clientCa: clientCa === undefined ? [] : [{ file: clientCa }],
  };
}

function clientAuthOf({ clientCa, clientAuth }: TlsArguments): ServerSslOptions['clientAuth'] {
  if (clientCa === undefined) {
    if (clientAuth === undefined) return 'NONE';
    throw new UsageError('--tls-client-auth needs the CA of the certificates: give --tls-client-ca too.');
  }
  if (clientAuth === undefined || clientAuth === 'required') return 'REQUIRE';
  if (clientAuth === 'optional') return 'OPTIONAL';
  throw new UsageError(`--tls-client-auth takes required or optional; got "${clientAuth}".`);
}
