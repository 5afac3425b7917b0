import type { FilterKind } from '../declaration/filter.ts';
import { HttpStatusError } from '../error/http-status-error.ts';

/** A body that a filter wants whole is larger than the limit: the client's fault, or that of the origin. */
export function bodyTooLarge(kind: FilterKind): HttpStatusError {
  return kind === 'inbound'
    ? new HttpStatusError(413, 'The body of the request is too large.', {
        details: 'request_payload_too_large',
      })
    : new HttpStatusError(502, 'The body of the response is too large.', {
        reason: 'http_response_body_size',
        details: 'response_payload_too_large',
      });
}
