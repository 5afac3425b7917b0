import { HttpServerCodecOptions } from '@sluice/codec-http';
import { HttpStatusError } from '@sluice/filters';
import { originError } from '@sluice/origin';
import type { OriginFailure } from '@sluice/origin';
import { fakeOrigin } from '@sluice/testing';
import { bound, throwing, withOrigin } from './local-reply.ts';
import type { LocalReply } from './local-reply.ts';

type Reply = Pick<LocalReply, 'details' | 'status' | 'error'>;

const ANSWER = { error: 'proxy_internal_response' } as const;

const FAILURES: Readonly<Record<OriginFailure, Reply>> = {
  connection_refused: reset(502, 'connection_refused'),
  connection_timeout: reset(504, 'connection_timeout'),
  connection_terminated: reset(502, 'connection_terminated'),
  destination_ip_unroutable: reset(502, 'destination_ip_unroutable'),
  dns_error: reset(502, 'dns_error'),
  tls_protocol_error: reset(502, 'tls_protocol_error'),
  tls_certificate_error: reset(502, 'tls_certificate_error'),
  tls_alert_received: reset(502, 'tls_alert_received'),
  connection_limit_reached: reset(503, 'connection_limit_reached', 'overflow'),
  request_limit_reached: reset(503, 'connection_limit_reached', 'request_overflow'),
  http_protocol_error: reset(502, 'http_protocol_error', 'protocol_error'),
  destination_unavailable: { details: 'no_healthy_upstream', status: 503, error: 'destination_unavailable' },
  destination_not_found: { details: 'route_not_found', status: 404, error: 'destination_not_found' },
  http_response_timeout: {
    details: 'upstream_per_try_idle_timeout',
    status: 504,
    error: 'http_response_timeout',
  },
  request_timeout: { details: 'upstream_response_timeout', status: 504, error: 'http_response_timeout' },
  per_try_timeout: { details: 'upstream_per_try_timeout', status: 504, error: 'http_response_timeout' },
};

/** What an HttpStatusError of one's own is called that has a type of RFC 9209 and no details. */
const TYPES: Readonly<Record<string, string>> = {
  dns_timeout: 'dns_resolution_failure',
  connection_terminated: 'upstream_reset_before_response_started',
  http_response_incomplete: 'upstream_reset_after_response_started',
  http_protocol_error: 'upstream_protocol_error',
  http_upgrade_failed: 'upgrade_failed',
};

/** What is answered in place of an origin that failed, or that is not asked. */
export const REPLIES_OF_ORIGINS: readonly LocalReply[] = [
  ...Object.entries(FAILURES).map(([failure, { details, status, error }]) => ({
    details,
    status,
    error,
    declaration: throwing(() => originError(failure as OriginFailure)),
  })),
  ...Object.entries(TYPES).map(([reason, details]) => ({
    details,
    status: 502,
    error: reason,
    declaration: throwing(() => new HttpStatusError(502, 'No.', { reason })),
  })),
  {
    details: 'trace_not_allowed',
    status: 405,
    error: 'http_request_error',
    declaration: withOrigin(),
    bytes: 'TRACE / HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    ...ANSWER,
    details: 'max_forwards',
    status: 200,
    declaration: withOrigin(),
    bytes: 'OPTIONS / HTTP/1.1\r\nHost: a\r\nMax-Forwards: 0\r\n\r\n',
  },
  {
    details: 'connect_not_allowed',
    status: 405,
    error: 'http_request_error',
    declaration: { ...withOrigin(), modules: [bound(HttpServerCodecOptions, { allowConnect: true })] },
    bytes: 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n',
  },
  {
    details: 'path_normalization_failed',
    status: 400,
    error: 'http_request_error',
    declaration: { ...withOrigin(), routes: [{ path: { segmentPrefix: '/a' }, origin: 'origin' }] },
    bytes: 'GET /a/../b HTTP/1.1\r\nHost: a\r\n\r\n',
  },
  {
    ...ANSWER,
    details: 'direct_response',
    status: 301,
    declaration: { origins: { a: fakeOrigin() }, routes: [{ redirect: { path: '/b' } }] },
  },
];

function reset(status: number, error: string, how = error): Reply {
  return { details: `upstream_reset_before_response_started{${how}}`, status, error };
}
