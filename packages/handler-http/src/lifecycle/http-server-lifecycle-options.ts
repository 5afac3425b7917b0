export class HttpServerLifecycleOptions {
  /**
   * What becomes of a request that is sent before the response to the one before it is complete
   * (RFC 9112 §9.3.2): `queue` serves it in its turn; `reject` answers it with 400 in its turn, and
   * closes the connection.
   */
  readonly pipelining: 'queue' | 'reject' = 'queue';
}
