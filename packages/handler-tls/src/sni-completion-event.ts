/** Fired by SslHandler right before the end of a handshake in which the client has named a server (SNI, RFC 6066 §3). */
export class SniCompletionEvent {
  /** In lower case, without a dot at the end. */
  readonly hostname: string;

  constructor(hostname: string) {
    this.hostname = hostname;
  }
}
