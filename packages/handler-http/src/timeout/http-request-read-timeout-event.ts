/** What a client was too slow in: `INACTIVITY`, nothing came for a while; `TOO_SLOW`, too little; `DEADLINE`, the request took too long in all. */
export type HttpRequestReadTimeout = 'INACTIVITY' | 'TOO_SLOW' | 'DEADLINE';

/** Fired to the next handlers when the body of a request does not come as fast as it must: time for a 408. */
export class HttpRequestReadTimeoutEvent {
  static readonly INACTIVITY = new HttpRequestReadTimeoutEvent('INACTIVITY');
  static readonly TOO_SLOW = new HttpRequestReadTimeoutEvent('TOO_SLOW');
  static readonly DEADLINE = new HttpRequestReadTimeoutEvent('DEADLINE');

  readonly timeout: HttpRequestReadTimeout;

  private constructor(timeout: HttpRequestReadTimeout) {
    this.timeout = timeout;
  }
}
