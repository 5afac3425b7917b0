import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import { withDefaults } from '@sluice/inject';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect, createSecureContext } from 'node:tls';
import type { ConnectionOptions, SecureContext, TLSSocket } from 'node:tls';
import { Certificate } from './certificate.ts';
import { ClientSslOptions } from './client-ssl-options.ts';
import { requireCloseNotify } from './required-close-notify.ts';
import { loadBundle } from './server-ssl-files.ts';
import type { SslContext } from './ssl-context.ts';
import type { SslHandshakeInfo } from './ssl-handshake-info.ts';
import { CloseNotifyMissingError, PeerCertificateError, TlsConfigError } from './tls-errors.ts';

/**
 * The client's side of TLS towards one server: its certificate is verified, with its name, and the
 * last session is taken up again. One for each server, since a session belongs to one name.
 */
export class ClientSslContext implements SslContext {
  readonly isServer = false;
  readonly #connectOptions: ConnectionOptions;
  readonly #certificate: Certificate | undefined;
  readonly #clock: Pick<Clock, 'epochMs'>;
  #session: Buffer | undefined = undefined;
  #sessionEndsAtMs = 0;

  /** `host`: what is connected to, a name or an IP address. Throws a {@link TlsConfigError}. */
  constructor(
    host: string,
    options: Partial<ClientSslOptions> = {},
    clock: Pick<Clock, 'epochMs'> = new SystemClock(),
  ) {
    this.#clock = clock;
    const given = withDefaults(ClientSslOptions, options);
    const name = given.serverName ?? host;
    this.#certificate = given.certificate && Certificate.load(given.certificate);
    this.#connectOptions = {
      host: name,
      // RFC 6066 §3: an IP address is no server name; it is still looked for in the certificate.
      servername: isIP(name) === 0 ? name : '',
      secureContext: secureContextOf(given, this.#certificate),
      ALPNProtocols: [...given.alpnProtocols],
      rejectUnauthorized: true,
    };
  }

  begin(raw: Socket, done: (error?: Error) => void): TLSSocket {
    // A session that is taken up again shows no certificate: one that has expired would not be seen.
    const session = this.#clock.epochMs() < this.#sessionEndsAtMs ? this.#session : undefined;
    const socket = connect({ ...this.#connectOptions, socket: raw, ...(session && { session }) });
    requireCloseNotify(socket, raw);
    socket.once('secureConnect', () => {
      if (!socket.isSessionReused()) this.#sessionEndsAtMs = Date.parse(socket.getPeerCertificate().valid_to);
      done();
    });
    socket.on('session', (newer) => (this.#session = newer));
    socket.on('error', (error) => {
      // What does not work once should not be tried with again.
      if (!(error instanceof CloseNotifyMissingError)) this.#session = undefined;
      done(certificateError(socket, error) ?? error);
    });
    return socket;
  }

  describe(socket: TLSSocket): SslHandshakeInfo {
    return {
      protocol: socket.getProtocol() ?? 'unknown',
      cipherSuite: socket.getCipher().standardName,
      requestedSni: this.#connectOptions.servername || undefined,
      applicationProtocol: socket.alpnProtocol || undefined,
      isResumed: socket.isSessionReused(),
      clientAuth: 'NONE',
      serverCertificate: socket.getPeerX509Certificate(),
      clientCertificate: this.#certificate?.x509,
    };
  }
}

function certificateError(socket: TLSSocket, error: NodeJS.ErrnoException): Error | undefined {
  // Typed as an Error, it is null until verification has failed.
  const isRefused = (socket.authorizationError as unknown) !== null;
  return isRefused ? new PeerCertificateError(error.code ?? error.message, error) : undefined;
}

function secureContextOf(
  { ca, minVersion, ciphers }: ClientSslOptions,
  certificate: Certificate | undefined,
): SecureContext {
  try {
    return createSecureContext({
      minVersion,
      ...(ca.length > 0 && { ca: ca.map((bundle) => loadBundle(bundle)) }),
      ...(certificate && { cert: certificate.cert, key: certificate.key }),
      ...(ciphers !== undefined && { ciphers }),
    });
  } catch (cause) {
    if (cause instanceof TlsConfigError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TlsConfigError(`OpenSSL does not take these TLS settings: ${why}`, cause);
  }
}
