import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SslHandshakeInfo } from './ssl-handshake-info.ts';

/** What SslHandler needs to know of one side of TLS: certificates, what is accepted, and how a handshake ends. */
export interface SslContext {
  readonly isServer: boolean;

  /**
   * Begins TLS over a connected socket, natively: OpenSSL reads and writes the handle of the
   * socket itself. `done` is called when the handshake has ended and the peer was verified, with
   * the error otherwise; it may be called again for what comes later.
   */
  begin(socket: Socket, done: (error?: Error) => void): TLSSocket;

  /** What a complete handshake has shown. */
  describe(socket: TLSSocket): SslHandshakeInfo;
}
