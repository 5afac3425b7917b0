import { HttpDecodeError } from '@sluice/codec-http';
import { ConnectTimeoutError } from '@sluice/core';
import { HttpStatusError, StatusCategory } from '@sluice/filters';

/**
 * What can go wrong on the way to an origin: the status of the answer, its category, and the
 * error type of RFC 9209 §2.3 with the status that it recommends, but for a missing route.
 */
const ORIGIN_FAILURES = {
  connection_refused: [502, StatusCategory.FAILURE_ORIGIN_CONNECTIVITY, 'The origin refused the connection.'],
  connection_timeout: [
    504,
    StatusCategory.FAILURE_ORIGIN_CONNECTIVITY,
    'The origin could not be reached in time.',
  ],
  destination_ip_unroutable: [
    502,
    StatusCategory.FAILURE_ORIGIN_CONNECTIVITY,
    'The origin could not be reached.',
  ],
  dns_error: [
    502,
    StatusCategory.FAILURE_ORIGIN_CONNECTIVITY,
    'The name of the origin could not be resolved.',
  ],
  connection_terminated: [
    502,
    StatusCategory.FAILURE_ORIGIN_RESET_CONNECTION,
    'The origin closed the connection without an answer.',
  ],
  connection_limit_reached: [
    503,
    StatusCategory.FAILURE_LOCAL_THROTTLED_ORIGIN_SERVER_MAXCONN,
    'No connection to the origin could be had.',
  ],
  destination_unavailable: [
    503,
    StatusCategory.FAILURE_ORIGIN_NO_SERVERS,
    'No server of the origin is available.',
  ],
  destination_not_found: [404, StatusCategory.SUCCESS_LOCAL_NO_ROUTE, 'No route matches the request.'],
  http_response_timeout: [
    504,
    StatusCategory.FAILURE_ORIGIN_READ_TIMEOUT,
    'The origin did not answer in time.',
  ],
  http_protocol_error: [502, StatusCategory.FAILURE_ORIGIN, 'The origin sent a malformed answer.'],
} as const;

export type OriginFailure = keyof typeof ORIGIN_FAILURES;

export function originError(reason: OriginFailure, cause?: unknown): HttpStatusError {
  const [status, category, message] = ORIGIN_FAILURES[reason];
  return new HttpStatusError(status, message, { category, reason, cause, source: 'upstream' });
}

// The gateway itself is short of files, memory or ports; the origin may be well.
const OWN_SHORTAGES: ReadonlySet<string | undefined> = new Set([
  'EADDRNOTAVAIL',
  'EAGAIN',
  'EMFILE',
  'ENFILE',
  'ENOBUFS',
  'ENOMEM',
]);

/** Names what kept a connection from being made. */
export function connectFailure(cause: unknown): OriginFailure {
  if (cause instanceof ConnectTimeoutError) return 'connection_timeout';
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'connection_refused';
  if (code === 'ETIMEDOUT') return 'connection_timeout';
  if (OWN_SHORTAGES.has(code)) return 'connection_limit_reached';
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN' ? 'dns_error' : 'destination_ip_unroutable';
}

/** Names what ended a connection while an answer was due. */
export function responseFailure(cause: unknown): OriginFailure {
  const isPremature =
    !(cause instanceof HttpDecodeError) ||
    cause.reason === 'http1.truncated_head' ||
    cause.reason === 'http1.truncated_body';
  return isPremature ? 'connection_terminated' : 'http_protocol_error';
}
