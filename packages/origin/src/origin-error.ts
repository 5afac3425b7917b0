import { HttpDecodeError } from '@sluice/codec-http';
import { ConnectTimeoutError } from '@sluice/core';
import { HttpStatusError, StatusCategory } from '@sluice/filters';
import type { ResponseFlag, StatusCategoryName } from '@sluice/filters';
import { isTlsAlert, isTlsError, PeerCertificateError } from '@sluice/handler-tls';

/** What a failure on the way to an origin is called. */
interface FailureNames {
  readonly status: number;
  readonly category: StatusCategoryName;
  /** What the client is told. */
  readonly message: string;
  /** The error type for `Proxy-Status`, where it is not the failure's own name. */
  readonly reason?: string;
  /** The response flag, in Envoy's letters. */
  readonly flag?: ResponseFlag;
  /** The response code details, in Envoy's words where it has some. */
  readonly details: string;
}

const {
  FAILURE_LOCAL_THROTTLED_ORIGIN_CONCURRENCY,
  FAILURE_LOCAL_THROTTLED_ORIGIN_SERVER_MAXCONN,
  FAILURE_ORIGIN,
  FAILURE_ORIGIN_CONNECTIVITY,
  FAILURE_ORIGIN_NO_SERVERS,
  FAILURE_ORIGIN_READ_TIMEOUT,
  FAILURE_ORIGIN_RESET_CONNECTION,
} = StatusCategory;

/**
 * What can go wrong on the way to an origin. The names are the error types of RFC 9209 §2.3, and
 * the statuses those that it recommends, but for a missing route.
 */
const ORIGIN_FAILURES = {
  connection_refused: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The origin refused the connection.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{connection_refused}',
  },
  connection_timeout: {
    status: 504,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The origin could not be reached in time.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{connection_timeout}',
  },
  destination_ip_unroutable: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The origin could not be reached.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{destination_ip_unroutable}',
  },
  dns_error: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The name of the origin could not be resolved.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{dns_error}',
  },
  tls_protocol_error: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'No TLS connection to the origin could be made.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{tls_protocol_error}',
  },
  tls_certificate_error: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The certificate of the origin is not accepted.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{tls_certificate_error}',
  },
  tls_alert_received: {
    status: 502,
    category: FAILURE_ORIGIN_CONNECTIVITY,
    message: 'The origin ended the TLS connection with an alert.',
    flag: 'UF',
    details: 'upstream_reset_before_response_started{tls_alert_received}',
  },
  connection_terminated: {
    status: 502,
    category: FAILURE_ORIGIN_RESET_CONNECTION,
    message: 'The origin closed the connection without an answer.',
    flag: 'UC',
    details: 'upstream_reset_before_response_started{connection_terminated}',
  },
  connection_limit_reached: {
    status: 503,
    category: FAILURE_LOCAL_THROTTLED_ORIGIN_SERVER_MAXCONN,
    message: 'No connection to the origin could be had.',
    flag: 'UO',
    details: 'upstream_reset_before_response_started{overflow}',
  },
  request_limit_reached: {
    status: 503,
    category: FAILURE_LOCAL_THROTTLED_ORIGIN_CONCURRENCY,
    message: 'The origin has as many requests as it may have.',
    reason: 'connection_limit_reached',
    flag: 'UO',
    details: 'upstream_reset_before_response_started{request_overflow}',
  },
  destination_unavailable: {
    status: 503,
    category: FAILURE_ORIGIN_NO_SERVERS,
    message: 'No server of the origin is available.',
    flag: 'UH',
    details: 'no_healthy_upstream',
  },
  destination_not_found: {
    status: 404,
    category: StatusCategory.SUCCESS_LOCAL_NO_ROUTE,
    message: 'No route matches the request.',
    flag: 'NR',
    details: 'route_not_found',
  },
  http_response_timeout: {
    status: 504,
    category: FAILURE_ORIGIN_READ_TIMEOUT,
    message: 'The origin did not answer in time.',
    flag: 'UT',
    details: 'upstream_per_try_idle_timeout',
  },
  request_timeout: {
    status: 504,
    category: FAILURE_ORIGIN_READ_TIMEOUT,
    message: 'The origin did not answer in time.',
    reason: 'http_response_timeout',
    flag: 'UT',
    details: 'upstream_response_timeout',
  },
  per_try_timeout: {
    status: 504,
    category: FAILURE_ORIGIN_READ_TIMEOUT,
    message: 'The origin did not answer in time.',
    reason: 'http_response_timeout',
    flag: 'UT',
    details: 'upstream_per_try_timeout',
  },
  http_protocol_error: {
    status: 502,
    category: FAILURE_ORIGIN,
    message: 'The origin sent a malformed answer.',
    flag: 'UPE',
    details: 'upstream_reset_before_response_started{protocol_error}',
  },
} as const satisfies Readonly<Record<string, FailureNames>>;

export type OriginFailure = keyof typeof ORIGIN_FAILURES;

export function originError(failure: OriginFailure, cause?: unknown): OriginError {
  return new OriginError(failure, cause);
}

/** Why an origin gave no response, or not the rest of it. */
export class OriginError extends HttpStatusError {
  override readonly name = 'OriginError';
  readonly failure: OriginFailure;

  constructor(failure: OriginFailure, cause?: unknown, isWithinResponse = false) {
    const names: FailureNames = ORIGIN_FAILURES[failure];
    const { status, category, message, reason = failure, flag } = names;
    const details = isWithinResponse
      ? names.details.replace('before_response', 'after_response')
      : names.details;
    const flags = flag === undefined ? {} : { flag };
    super(status, message, { category, reason, details, ...flags, cause, source: 'upstream' });
    this.failure = failure;
  }

  /** The same of a response that has been begun. */
  withinResponse(): OriginError {
    return new OriginError(this.failure, this.cause, true);
  }
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
  if (isTlsError(cause)) return tlsFailure(cause);
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  if (code === 'ECONNREFUSED' || code === 'ENOENT') return 'connection_refused';
  // In the handshake of TLS: before, a refusal to connect is told as such.
  if (code === 'ECONNRESET') return 'connection_terminated';
  if (code === 'ETIMEDOUT') return 'connection_timeout';
  if (OWN_SHORTAGES.has(code)) return 'connection_limit_reached';
  return isUnresolved(cause) ? 'dns_error' : 'destination_ip_unroutable';
}

/** Whether DNS has no address of a name, or no answer. */
export function isUnresolved(cause: unknown): boolean {
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  return code === 'ENOTFOUND' || code === 'EAI_AGAIN';
}

function tlsFailure(cause: unknown): OriginFailure {
  if (cause instanceof PeerCertificateError) return 'tls_certificate_error';
  return isTlsAlert(cause) ? 'tls_alert_received' : 'tls_protocol_error';
}

/** Names what ended a connection while an answer was due. */
export function responseFailure(cause: unknown): OriginFailure {
  // A server that wants a certificate may say so only after the client's side of the handshake is complete.
  if (isTlsError(cause)) return tlsFailure(cause);
  const isPremature =
    !(cause instanceof HttpDecodeError) ||
    cause.reason === 'http1.truncated_head' ||
    cause.reason === 'http1.truncated_body';
  return isPremature ? 'connection_terminated' : 'http_protocol_error';
}
