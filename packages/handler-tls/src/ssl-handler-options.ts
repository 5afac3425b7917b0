/** Options of SslHandler. */
export class SslHandlerOptions {
  /** How long the handshake may take from the beginning of the connection, in ms; 0: for ever. */
  readonly handshakeTimeoutMs: number = 10_000;
  /** How long a close waits until what was flushed and the close_notify are sent, in ms; 0: it doesn't wait. */
  readonly closeNotifyTimeoutMs: number = 3_000;
  /** Length of the longest ClientHello that is taken, in bytes. */
  readonly maxClientHelloBytes: number = 16 * 1024;
}
