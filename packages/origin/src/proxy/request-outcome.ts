import { OriginError } from '../origin-error.ts';
import type { OriginFailure } from '../origin-error.ts';
import type { RequestOutcome } from '../origin-server-stats.ts';

const OUTCOMES: Readonly<Record<OriginFailure, RequestOutcome>> = {
  connection_refused: 'connect_failure',
  connection_timeout: 'connect_failure',
  destination_ip_unroutable: 'connect_failure',
  dns_error: 'connect_failure',
  tls_protocol_error: 'connect_failure',
  tls_certificate_error: 'connect_failure',
  tls_alert_received: 'connect_failure',
  connection_terminated: 'reset',
  http_response_timeout: 'timeout',
  request_timeout: 'timeout',
  per_try_timeout: 'timeout',
  http_protocol_error: 'protocol_error',
  // A limit on this side, or no server at all.
  connection_limit_reached: 'none',
  request_limit_reached: 'none',
  destination_unavailable: 'none',
  destination_not_found: 'none',
};

/** What an error tells about the server that the request was given to. */
export function outcomeOf(error: unknown): RequestOutcome {
  return error instanceof OriginError ? OUTCOMES[error.failure] : 'none';
}
