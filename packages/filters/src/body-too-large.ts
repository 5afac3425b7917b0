import type { FilterKind } from './filter.ts';
import { HttpStatusError } from './http-status-error.ts';

/** A body that a filter wants whole is larger than the limit: the client's fault, or that of the origin. */
export function bodyTooLarge(kind: FilterKind): HttpStatusError {
  const reason = { reason: 'http_body_too_large' };
  return kind === 'inbound'
    ? new HttpStatusError(413, 'The body of the request is too large.', reason)
    : new HttpStatusError(502, 'The body of the response is too large.', reason);
}
