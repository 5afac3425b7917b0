import type { HttpRequest, HttpResponse } from '@sluice/codec-http';

/** Fired from the head when the head of a request has been received. */
export class StartEvent {
  readonly request: HttpRequest;

  constructor(request: HttpRequest) {
    this.request = request;
  }
}

/**
 * Why an exchange of request and response is over: the response was sent (SESSION_COMPLETE), the
 * client went (INACTIVE, DISCONNECT), or the connection was closed here (CLOSE).
 */
export type CompleteReason =
  | 'SESSION_COMPLETE'
  | 'INACTIVE'
  | 'DISCONNECT'
  | 'DEREGISTER'
  | 'PIPELINE_REJECT'
  | 'EXCEPTION'
  | 'CLOSE';

/** Fired from the head exactly once for each {@link StartEvent}, when the exchange is over. */
export class CompleteEvent {
  readonly reason: CompleteReason;
  readonly request: HttpRequest;
  /** Undefined when none was begun. */
  readonly response: HttpResponse | undefined;
  /** Whether the whole request had been received. */
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
