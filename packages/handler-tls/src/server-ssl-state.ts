import { Buffer } from 'node:buffer';
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { SecureContext, TLSSocketOptions } from 'node:tls';
import { CertificateTable } from './certificate-table.ts';
import { Certificate } from './certificate.ts';
import { readPem } from './pem-files.ts';
import type { CertificateBundle, ServerSslOptions } from './server-ssl-options.ts';
import { TlsConfigError, UnknownServerNameError } from './tls-errors.ts';

const TICKET_KEYS_BYTES = 48;
// OpenSSL takes no longer one.
const SESSION_ID_CONTEXT_LENGTH = 32;

interface Entry {
  readonly certificate: Certificate;
  readonly secureContext: SecureContext;
}

/** What the files of a server's options held when they were read. */
export interface ServerSslState {
  readonly certificates: readonly Certificate[];
  /** For every TLSSocket of the server. */
  readonly socketOptions: TLSSocketOptions;
  /** Tells one content of the files from another. */
  readonly fingerprint: string;
  certificateFor(serverName: string | undefined): Certificate;
}

/** Keys for the tickets of sessions, to be shared by the workers of a listener. */
export function newTicketKeys(): Buffer {
  return randomBytes(TICKET_KEYS_BYTES);
}

/** Throws a {@link TlsConfigError}. */
export function loadServerState(options: ServerSslOptions): ServerSslState {
  checkOptions(options);
  const certificates = options.certificates.map((source) => Certificate.load(source));
  const ca = options.clientCa.map((bundle) => loadBundle(bundle));
  const entries = certificates.map((certificate) => ({
    certificate,
    secureContext: secureContextOf(certificate, ca, options),
  }));
  const [first] = entries;
  if (first === undefined) throw new TlsConfigError('A TLS listener needs a certificate and its key.');
  const table = new CertificateTable<Entry>();
  for (const entry of entries) table.add(entry.certificate.names, entry);
  return {
    certificates,
    socketOptions: {
      isServer: true,
      secureContext: first.secureContext,
      ALPNProtocols: [...options.alpnProtocols],
      requestCert: options.clientAuth !== 'NONE',
      rejectUnauthorized: options.clientAuth === 'REQUIRE',
      ...sniCallback(table, options),
    },
    fingerprint: digest([...certificates.flatMap(({ cert, key }) => [cert, key]), ...ca]),
    certificateFor: (name) => ((name && table.find(name)) || first).certificate,
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

function checkOptions({ clientAuth, clientCa, ticketKeys }: ServerSslOptions): void {
  if (clientAuth !== 'NONE' && clientCa.length === 0) {
    throw new TlsConfigError('Client certificates need the CA that they come from. Name a CA file.');
  }
  if (ticketKeys !== undefined && ticketKeys.length !== TICKET_KEYS_BYTES) {
    throw new TlsConfigError(`Ticket keys are ${TICKET_KEYS_BYTES} bytes; got ${ticketKeys.length}.`);
  }
}

function secureContextOf(
  { source, cert, key }: Certificate,
  ca: readonly Buffer[],
  { clientAuth, minVersion, ciphers, ticketKeys, sessionTimeoutS }: ServerSslOptions,
): SecureContext {
  // A session is taken up only where the same is asked of clients (RFC 5246 §F.1.4).
  const policy = digest([Buffer.from(clientAuth), ...ca]);
  try {
    return createSecureContext({
      cert,
      key,
      minVersion,
      sessionTimeout: sessionTimeoutS,
      sessionIdContext: policy.slice(0, SESSION_ID_CONTEXT_LENGTH),
      ...(ca.length > 0 && { ca: [...ca] }),
      ...(ciphers !== undefined && { ciphers }),
      ...(ticketKeys !== undefined && { ticketKeys }),
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

function digest(parts: readonly Buffer[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}
