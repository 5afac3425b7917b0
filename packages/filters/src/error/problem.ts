import { HttpDecodeError } from '@sluice/codec-http';
import { FilterConcurrencyError } from '../chain/filter-concurrency-error.ts';
import { FilterTimeoutError } from '../chain/filter-timeout-error.ts';
import { HttpStatusError } from './http-status-error.ts';
import type { ResponseFlag } from './response-flags.ts';
import { StatusCategory } from './status-category.ts';
import type { StatusCategoryName } from './status-category.ts';

/** What is told of an error: to the client, and to log and metrics. */
export interface Problem {
  readonly status: number;
  readonly detail: string;
  readonly category: StatusCategoryName;
  /** A token for `Proxy-Status`, of RFC 9209 §2.3 where one fits. */
  readonly reason: string;
  /** Envoy's flag for the access log. */
  readonly flag?: ResponseFlag | undefined;
  /** What made the status what it is, for the access log. */
  readonly details: string;
}

/** What an error means for the client; an error that is not ours is a 500 and keeps its words to itself. */
export function problemOf(error: unknown): Problem {
  if (error instanceof HttpStatusError) {
    const { status, message, category, reason, flag, details } = error;
    return { status, detail: message, category, reason, flag, details };
  }
  if (error instanceof HttpDecodeError) return malformed(error);
  if (error instanceof FilterConcurrencyError) {
    const detail = 'The gateway is too busy to process the request.';
    return { ...OWN_FAULT, status: 503, detail, flag: 'OM', details: 'filter_concurrency_limit' };
  }
  if (error instanceof FilterTimeoutError) return { ...OWN_FAULT, details: 'filter_timeout' };
  return OWN_FAULT;
}

const OWN_FAULT: Problem = {
  status: 500,
  detail: 'The gateway could not process the request.',
  category: StatusCategory.FAILURE_LOCAL,
  reason: 'proxy_internal_error',
  details: 'internal_error',
};

function malformed({ status, message, reason }: HttpDecodeError): Problem {
  return {
    status,
    detail: message,
    reason: 'http_request_error',
    details: reason,
    // One that is slow has broken no rule of the protocol.
    ...(reason === 'http1.head_timeout'
      ? { category: StatusCategory.FAILURE_CLIENT_TIMEOUT }
      : { category: StatusCategory.FAILURE_CLIENT_BAD_REQUEST, flag: 'DPE' }),
  };
}
