import { HttpStatusError, HttpResponseMessage } from '@sluice/filters';
import type { HttpRequestMessage } from '@sluice/filters';

/** RFC 9110 §7.6.2: a larger number is passed on as the largest that is supported. */
const MOST_FORWARDS = 999_999_999;

const ALLOW = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

/**
 * Answers what the gateway answers in place of the origin, and counts `Max-Forwards` down
 * (RFC 9110 §7.6.2). TRACE is refused: it would show the client fields that were added on the way.
 */
export function answerInPlaceOfOrigin(request: HttpRequestMessage): HttpResponseMessage | undefined {
  const { method, headers, context } = request;
  if (method === 'TRACE') throw traceRefused(headers.get('max-forwards') === '0');
  if (method !== 'OPTIONS') return undefined;
  const maxForwards = headers.get('max-forwards');
  if (maxForwards === undefined || !/^\d+$/.test(maxForwards)) return undefined;
  const hops = Number(maxForwards);
  if (hops === 0) {
    context.responseCodeDetails = 'max_forwards';
    return HttpResponseMessage.make(context, { status: 200, headers: [['allow', ALLOW]] });
  }
  headers.set('max-forwards', String(Math.min(hops - 1, MOST_FORWARDS)));
  return undefined;
}

/** One meant for the gateway itself is a question like any other; one meant to go further is suspect. */
function traceRefused(isForGateway: boolean): HttpStatusError {
  const headers = [['allow', ALLOW]] as const;
  return new HttpStatusError(405, 'TRACE is not allowed.', {
    details: 'trace_not_allowed',
    headers,
    keepAlive: isForGateway,
  });
}
