/** Fired by SslHandler when the handshake has ended: with success, before any decrypted byte, or with what it failed of. */
export class SslHandshakeCompletionEvent {
  static readonly SUCCESS = new SslHandshakeCompletionEvent();
  /** Undefined for a success. */
  readonly cause: unknown;

  constructor(cause?: unknown) {
    this.cause = cause;
  }

  get isSuccess(): boolean {
    return this.cause === undefined;
  }
}
