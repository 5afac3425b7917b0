import { problemResponse } from '../error/problem-response.ts';
import type { ResponseEndpoint } from './endpoint.ts';
import { Filter } from '../declaration/filter.ts';
import type { HttpRequestMessage } from '../message/http-request-message.ts';
import type { HttpResponseMessage } from '../message/http-response-message.ts';
import type { SessionContext } from '../message/session-context.ts';

/** Answers a request that failed, in the JSON problem format; what is internal stays inside. */
@Filter({ type: 'endpoint', name: 'error' })
export class ErrorEndpoint implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    return problemResponse(context, context.error);
  }
}
