import { problemResponse } from './problem-response.ts';
import type { ResponseEndpoint } from './endpoint.ts';
import { Filter } from './filter.ts';
import type { HttpRequestMessage } from './http-request-message.ts';
import type { HttpResponseMessage } from './http-response-message.ts';
import type { SessionContext } from './session-context.ts';

/** Answers a request that failed, in the JSON problem format; what is internal stays inside. */
@Filter({ type: 'endpoint', name: 'error' })
export class ErrorEndpoint implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    return problemResponse(context, context.error);
  }
}
