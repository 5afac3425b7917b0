/** Fired to the next handlers when a client has not sent the head of a request in time, before it is answered or the channel closed. */
export class HttpHeadersTimeoutEvent {
  /** Whether a part of the head had come. */
  readonly hasBegun: boolean;

  constructor(hasBegun: boolean) {
    this.hasBegun = hasBegun;
  }
}
