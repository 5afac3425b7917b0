import type { HttpRequest } from '@sluice/codec-http';

/** Why a handler refused a request before the filters could answer it. */
export type RequestRejectedReason = 'body_too_slow' | 'request_deadline' | 'pipelined_request';

/** Fired from the head when a handler answers a request by itself: for logs and metrics. */
export class RequestRejectedEvent {
  readonly request: HttpRequest;
  /** The status of the answer. */
  readonly status: number;
  readonly reason: RequestRejectedReason;

  constructor(request: HttpRequest, status: number, reason: RequestRejectedReason) {
    this.request = request;
    this.status = status;
    this.reason = reason;
  }
}
