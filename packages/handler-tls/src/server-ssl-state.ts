import { Buffer } from 'node:buffer';
import { createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocketOptions } from 'node:tls';
import { CertificateTable } from './certificate-table.ts';
import type { Certificate } from './certificate.ts';
import { digest } from './server-ssl-files.ts';
import type { ServerSslFiles } from './server-ssl-files.ts';
import type { ServerSslOptions } from './server-ssl-options.ts';
import type { ClientAuth } from './ssl-handshake-info.ts';
import { checkTicketKeys } from './ticket-keys.ts';
import { TlsConfigError, UnknownServerNameError } from './tls-errors.ts';

// OpenSSL takes no longer one.
const SESSION_ID_CONTEXT_LENGTH = 32;

interface Entry {
  readonly certificate: Certificate;
  readonly secureContext: SecureContext;
}

/** What handshakes are made with. */
export interface ServerSslState {
  readonly files: ServerSslFiles;
  readonly clientAuth: ClientAuth;
  /** For every TLSSocket of the server. */
  readonly socketOptions: TLSSocketOptions;
  certificateFor(serverName: string | undefined): Certificate;
}

/** Throws a {@link TlsConfigError}. */
export function serverStateOf(
  files: ServerSslFiles,
  options: ServerSslOptions,
  ticketKeys: Buffer,
): ServerSslState {
  checkTicketKeys(ticketKeys);
  const clientAuth = clientAuthOf(options);
  const entries = files.certificates.map((certificate) => ({
    certificate,
    secureContext: secureContextOf(certificate, files.clientCa, { ...options, clientAuth }, ticketKeys),
  }));
  const [first] = entries;
  if (first === undefined) throw new TlsConfigError('A TLS listener needs a certificate and its key.');
  const table = new CertificateTable<Entry>();
  for (const entry of entries) table.add(entry.certificate.names, entry);
  return {
    files,
    clientAuth,
    socketOptions: {
      isServer: true,
      secureContext: first.secureContext,
      ALPNProtocols: [...options.alpnProtocols],
      requestCert: clientAuth !== 'NONE',
      rejectUnauthorized: clientAuth === 'REQUIRE',
      ...sniCallback(table, options),
    },
    certificateFor: (name) => ((name && table.find(name)) || first).certificate,
  };
}

/** Throws a {@link TlsConfigError} where one of authorities and asking for certificates is without the other. */
function clientAuthOf({ clientAuth, clientCa }: ServerSslOptions): ClientAuth {
  const hasCa = clientCa.length > 0;
  const resolved = clientAuth ?? (hasCa ? 'REQUIRE' : 'NONE');
  if (resolved !== 'NONE' && !hasCa)
    throw new TlsConfigError('Client certificates need the CA that they come from. Name a CA file.');
  if (resolved === 'NONE' && hasCa)
    throw new TlsConfigError(
      'There is a CA for client certificates, but clientAuth is NONE: nobody is asked for one.',
    );
  return resolved;
}

function secureContextOf(
  { source, cert, key }: Certificate,
  ca: readonly Buffer[],
  {
    clientAuth,
    minVersion,
    ciphers,
    sessionTimeoutS,
  }: ServerSslOptions & { readonly clientAuth: ClientAuth },
  ticketKeys: Buffer,
): SecureContext {
  // A session is taken up only where the same is asked of clients (RFC 5246 §F.1.4).
  const policy = digest([Buffer.from(clientAuth), ...ca]);
  try {
    return createSecureContext({
      cert,
      key,
      minVersion,
      ticketKeys,
      sessionTimeout: sessionTimeoutS,
      sessionIdContext: policy.slice(0, SESSION_ID_CONTEXT_LENGTH),
      ...(ca.length > 0 && { ca: [...ca] }),
      ...(ciphers !== undefined && { ciphers }),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TlsConfigError(`OpenSSL does not take "${source}" with these TLS settings: ${why}`, cause);
  }
}

// One certificate for everybody needs no callback.
function sniCallback(
  table: CertificateTable<Entry>,
  { certificates, unknownServerName }: ServerSslOptions,
): Pick<TLSSocketOptions, 'SNICallback'> {
  if (certificates.length === 1 && unknownServerName === 'default') return {};
  return {
    SNICallback: (serverName, callback) => {
      const entry = table.find(serverName);
      if (entry !== undefined || unknownServerName === 'default') callback(null, entry?.secureContext);
      else callback(new UnknownServerNameError());
    },
  };
}
