/**
 * Fired by SslHandler once after a complete handshake: with success when the peer has ended its
 * direction, with a cause when the connection broke off without that.
 */
export class SslCloseCompletionEvent {
  static readonly SUCCESS = new SslCloseCompletionEvent();
  /** Undefined for a success. */
  readonly cause: unknown;

  constructor(cause?: unknown) {
    this.cause = cause;
  }

  get isSuccess(): boolean {
    return this.cause === undefined;
  }
}
