import { HttpDecodeError, reasonPhraseOf } from '@sluice/codec-http';
import { HttpResponseMessage } from './http-response-message.ts';
import { HttpStatusError } from './http-status-error.ts';
import type { SessionContext } from './session-context.ts';
import { StatusCategory } from './status-category.ts';
import type { StatusCategoryName } from './status-category.ts';

/** What is told of an error: to the client, and to log and metrics. */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly category: StatusCategoryName;
  /** A token for `Proxy-Status`, of RFC 9209 §2.3 where one fits. */
  readonly reason: string;
}

/** What an error means for the client; an error that is not ours is a 500 and keeps its words to itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpStatusError) {
    const { status, message, category, reason } = error;
    return { status, detail: message, category, reason };
  }
  if (error instanceof HttpDecodeError) {
    const { status, message } = error;
    return {
      status,
      detail: message,
      category: StatusCategory.FAILURE_CLIENT_BAD_REQUEST,
      reason: 'http_request_error',
    };
  }
  const detail = 'The gateway could not process the request.';
  return { status: 500, detail, category: StatusCategory.FAILURE_LOCAL, reason: 'proxy_internal_error' };
}

/** A response in the format of RFC 9457, with the reason as `Proxy-Status` (RFC 9209). */
export function problemResponse(context: SessionContext, error: unknown): HttpResponseMessage {
  const { status, detail, category, reason } = problemOf(error);
  context.setStatusCategory(category, reason);
  const problem = { type: 'about:blank', title: reasonPhraseOf(status), status, detail };
  const response = HttpResponseMessage.make(context, {
    status,
    headers: [
      ['content-type', 'application/problem+json'],
      ['proxy-status', `sluice; error=${reason}`],
      ...(error instanceof HttpStatusError ? error.headers : []),
    ],
    body: `${JSON.stringify(problem)}\n`,
  });
  // Who sent what can't be parsed may mean anything by the next bytes.
  if (error instanceof HttpDecodeError) response.keepAlive = false;
  else if (error instanceof HttpStatusError) response.keepAlive = error.keepAlive;
  return response;
}
