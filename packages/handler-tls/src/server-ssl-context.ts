import { withDefaults } from '@sluice/inject';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from './certificate.ts';
import { ServerSslOptions } from './server-ssl-options.ts';
import { readServerFiles } from './server-ssl-files.ts';
import { serverStateOf } from './server-ssl-state.ts';
import type { ServerSslState } from './server-ssl-state.ts';
import type { SslContext } from './ssl-context.ts';
import type { SslHandshakeInfo } from './ssl-handshake-info.ts';
import { newTicketKeys } from './ticket-keys.ts';
import { PeerCertificateError, UnknownServerNameError } from './tls-errors.ts';
import { verifyError } from './verify-error.ts';

/**
 * The server's side of TLS: certificates by server name, what clients must show, sessions that can
 * be taken up again. One for a listener. Versions before TLS 1.2 and renegotiation are refused.
 */
export class ServerSslContext implements SslContext {
  readonly isServer = true;
  readonly #options: ServerSslOptions;
  // Kept over a reload, so that sessions are too.
  #ticketKeys: Buffer;
  #state: ServerSslState;

  /** Reads all files. Throws a {@link TlsConfigError} that says what is wrong with one. */
  constructor(options: Partial<ServerSslOptions>) {
    this.#options = withDefaults(ServerSslOptions, options);
    this.#ticketKeys = this.#options.ticketKeys ?? newTicketKeys();
    this.#state = serverStateOf(readServerFiles(this.#options), this.#options, this.#ticketKeys);
  }

  /** The certificates in use, the default one first. */
  get certificates(): readonly Certificate[] {
    return this.#state.files.certificates;
  }

  /** The files that a {@link reload} reads. */
  get files(): readonly string[] {
    const { certificates, clientCa } = this.#options;
    return [
      ...certificates.flatMap((source) => ('certFile' in source ? [source.certFile, source.keyFile] : [])),
      ...clientCa.flatMap((bundle) => ('file' in bundle ? [bundle.file] : [])),
    ];
  }

  /**
   * Reads all files again, for the handshakes to come; connections go on. Returns whether anything
   * has changed. Throws a {@link TlsConfigError}, and then what was there stays in use.
   */
  reload(): boolean {
    const files = readServerFiles(this.#options);
    if (files.fingerprint === this.#state.files.fingerprint) return false;
    this.#state = serverStateOf(files, this.#options, this.#ticketKeys);
    return true;
  }

  /**
   * Takes other keys for tickets, for the handshakes to come: a session from before is not taken up any more, its
   * client makes a full handshake. No file is read. Throws a {@link TlsConfigError} for keys that are not 48 bytes.
   */
  setTicketKeys(ticketKeys: Buffer): void {
    this.#state = serverStateOf(this.#state.files, this.#options, ticketKeys);
    this.#ticketKeys = ticketKeys;
  }

  begin(raw: Socket, done: (error?: Error) => void): TLSSocket {
    const socket = new TLSSocket(raw, this.#state.socketOptions);
    socket.disableRenegotiation();
    socket.once('secure', () => done(this.#verify(socket)));
    socket.on('error', done);
    // Without a tls.Server, what fails after the handshake is told by this event alone.
    socket.on('_tlsError', (error: Error) => socket.destroy(error));
    return socket;
  }

  describe(socket: TLSSocket): SslHandshakeInfo {
    const serverName = serverNameOf(socket);
    const { clientAuth } = this.#state;
    return {
      protocol: socket.getProtocol() ?? 'unknown',
      cipherSuite: socket.getCipher().standardName,
      requestedSni: serverName,
      applicationProtocol: socket.alpnProtocol || undefined,
      isResumed: socket.isSessionReused(),
      clientAuth,
      serverCertificate: this.#state.certificateFor(serverName).x509,
      clientCertificate: clientAuth === 'NONE' ? undefined : socket.getPeerX509Certificate(),
    };
  }

  // OpenSSL holds the client to showing a certificate; whether it is good is left to the caller.
  #verify(socket: TLSSocket): Error | undefined {
    // Node.js asks for a certificate by name only where a name is given.
    if (this.#options.unknownServerName === 'refuse' && serverNameOf(socket) === undefined)
      return new UnknownServerNameError();
    const { clientAuth } = this.#state;
    if (clientAuth === 'NONE') return undefined;
    if (clientAuth === 'OPTIONAL' && socket.getPeerX509Certificate() === undefined) return undefined;
    const error = verifyError(socket);
    return error && new PeerCertificateError(error.code ?? error.message, error);
  }
}

function serverNameOf(socket: TLSSocket): string | undefined {
  const { servername } = socket;
  return typeof servername === 'string' && servername !== ''
    ? servername.toLowerCase().replace(/\.$/, '')
    : undefined;
}
