import type { HttpRequest, HttpResponse } from '@sluice/codec-http';

/** Fired from the head when an exchange begins: the head of a request was received, or at an origin's side written. */
export class StartEvent {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
  }
}

/**
 * Why an exchange of request and response is over: the response is complete (SESSION_COMPLETE),
 * the peer has gone (INACTIVE), the connection was ended here (CLOSE, DISCONNECT), the request
 * came too early and was refused (PIPELINE_REJECT), or the response could not be sent or
 * received (EXCEPTION).
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
