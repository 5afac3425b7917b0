import type { OriginFailure } from '../origin-error.ts';
import type { RetryCondition, RetryPolicy } from '../proxy/upstream-policy.ts';

/**
 * Why a try is over without a response that the client gets: no connection was made, none of the
 * request had been sent, a kept connection ended without a byte in answer, no response came, or
 * one with this status.
 */
export type RetryCause = 'connect-failure' | 'reset-before-request' | 'refused-stream' | 'reset' | number;

/** What a repetition depends on besides the cause. */
export interface RepeatableRequest {
  readonly method: string;
  /** Whether all that was received of the request is still there. */
  readonly isReplayable: boolean;
  /** Whether it asks for another protocol. */
  readonly isUpgrade: boolean;
}

// RFC 9110 §9.2.2: may be sent again without harm. TRACE never goes out.
const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

const GATEWAY_ERRORS: ReadonlySet<RetryCause> = new Set([502, 503, 504]);
const CONFLICT = 409;

type Condition = (cause: RetryCause, policy: RetryPolicy) => boolean;

/** Which causes each condition takes in. */
const CONDITIONS: Readonly<Record<RetryCondition, Condition>> = {
  'connect-failure': (cause) => cause === 'connect-failure',
  'reset-before-request': (cause) => cause === 'reset-before-request',
  'refused-stream': (cause) => cause === 'refused-stream',
  reset: (cause) => isTransport(cause) && cause !== 'connect-failure',
  'gateway-error': (cause) => isTransport(cause) || GATEWAY_ERRORS.has(cause),
  '5xx': (cause) => isTransport(cause) || (cause >= 500 && cause < 600),
  'retriable-4xx': (cause) => cause === CONFLICT,
  'retriable-status-codes': (cause, { retriableStatusCodes }) =>
    typeof cause === 'number' && retriableStatusCodes.includes(cause),
};

/**
 * Whether a request may be sent again. One that is not idempotent may only when nothing of it can
 * have been processed, whatever the policy says (RFC 9110 §9.2.2).
 */
export function mayRetry(policy: RetryPolicy, cause: RetryCause, request: RepeatableRequest): boolean {
  if (!request.isReplayable || !isSafe(cause, request)) return false;
  return policy.retryOn.some((condition) => CONDITIONS[condition](cause, policy));
}

function isSafe(cause: RetryCause, { method, isUpgrade }: RepeatableRequest): boolean {
  if (cause === 'connect-failure' || cause === 'reset-before-request') return true;
  return IDEMPOTENT.has(method) && !isUpgrade;
}

function isTransport(cause: RetryCause): cause is Exclude<RetryCause, number> {
  return typeof cause === 'string';
}

const RETRIABLE_FAILURES: { readonly [Failure in OriginFailure]?: RetryCause } = {
  connection_refused: 'connect-failure',
  connection_timeout: 'connect-failure',
  destination_ip_unroutable: 'connect-failure',
  dns_error: 'connect-failure',
  destination_unavailable: 'connect-failure',
  connection_terminated: 'reset',
  http_response_timeout: 'reset',
  per_try_timeout: 'reset',
};

/**
 * What a failed try counts as; undefined for what is never tried again: a limit of our own, the
 * end of all the time there was, and a malformed response.
 */
export function causeOf(failure: OriginFailure): RetryCause | undefined {
  return RETRIABLE_FAILURES[failure];
}
