import type { HttpRequest, HttpResponse } from '@sluice/codec-http';

/** Fired from the head when an exchange begins: the head of a request was received, or at an origin's side written. */
export class StartEvent {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
  }
}

/**
 * What has ended an exchange on its connection: the response is complete, whatever its status
 * (SESSION_COMPLETE); a handler has closed the connection (CLOSE, DISCONNECT), be it because the peer
 * has reset it; the connection was over without a close (INACTIVE), as when it was reset here to cut a
 * response; the request came too early and was refused (PIPELINE_REJECT); or the response could not be
 * sent or received (EXCEPTION). It does not say whose doing that was: status category and response
 * flags do.
 */
export type CompleteReason =
  | 'SESSION_COMPLETE'
  | 'INACTIVE'
  | 'DISCONNECT'
  | 'PIPELINE_REJECT'
  | 'EXCEPTION'
  | 'CLOSE';

/** Fired from the head exactly once for each {@link StartEvent}, when the exchange is over. */
export class CompleteEvent {
  readonly reason: CompleteReason;
  readonly request: HttpRequest;
  /** Undefined when none was begun. */
  readonly response: HttpResponse | undefined;
  /** Whether the whole request had been received, or at an origin's side written. */
  readonly isRequestComplete: boolean;

  constructor(
    reason: CompleteReason,
    request: HttpRequest,
    response: HttpResponse | undefined,
    isRequestComplete: boolean,
  ) {
    this.reason = reason;
    this.request = request;
    this.response = response;
    this.isRequestComplete = isRequestComplete;
  }
}

/** Fired from the head, after its StartEvent, for a request that was sent before the response to the one before it was complete, where that is not allowed. */
export class RejectedPipeliningEvent {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
  }
}
