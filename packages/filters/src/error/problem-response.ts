import { HttpDecodeError, reasonPhraseOf } from '@sluice/codec-http';
import { HttpResponseMessage } from '../message/http-response-message.ts';
import { HttpStatusError } from './http-status-error.ts';
import { problemOf } from './problem.ts';
import type { SessionContext } from '../message/session-context.ts';

/** A response in the format of RFC 9457. Of the request it names its id alone, so that it can be found in the log. */
export function problemResponse(context: SessionContext, error: unknown): HttpResponseMessage {
  const { status, detail, category, reason } = problemOf(error);
  context.setStatusCategory(category, reason);
  const { requestId } = context;
  const problem = { type: 'about:blank', title: reasonPhraseOf(status), status, detail, requestId };
  const response = HttpResponseMessage.make(context, {
    status,
    headers: [
      ['content-type', 'application/problem+json'],
      ...(error instanceof HttpStatusError ? error.headers : []),
    ],
    body: `${JSON.stringify(problem)}\n`,
  });
  // Who sent what can't be parsed may mean anything by the next bytes.
  if (error instanceof HttpDecodeError) response.keepAlive = false;
  else if (error instanceof HttpStatusError) response.keepAlive = error.keepAlive;
  return response;
}
