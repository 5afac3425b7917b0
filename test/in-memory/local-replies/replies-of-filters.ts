import { Filter, HttpResponseMessage, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, OutboundFilter, ResponseEndpoint, SessionContext } from '@sluice/filters';
import { POST, throwing, withFilter, withOrigin } from './local-reply.ts';
import type { LocalReply } from './local-reply.ts';

const OWN = { status: 500, error: 'proxy_internal_error' } as const;
const ANSWER = { error: 'proxy_internal_response' } as const;
const LONG = `HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n${'x'.repeat(99)}`;

@Filter({ type: 'endpoint', name: 'hello' })
class Hello implements ResponseEndpoint {
  apply(_request: HttpRequestMessage, context: SessionContext): HttpResponseMessage {
    return HttpResponseMessage.make(context, { status: 200 });
  }
}

@Filter({ type: 'endpoint', name: 'off', enabledByDefault: false })
class Off extends Hello {}

@Filter({ type: 'outbound', name: 'whole', maxBodyBytes: 8 })
class Whole implements OutboundFilter {
  needsBodyBuffered(): boolean {
    return true;
  }

  apply(): void {}
}

/** What the chain of filters answers by itself. */
export const REPLIES_OF_FILTERS: readonly LocalReply[] = [
  { details: 'route_not_found', status: 404, error: 'destination_not_found' },
  { ...OWN, details: 'internal_error{step}', declaration: throwing(() => new TypeError('x')) },
  {
    ...OWN,
    details: 'filter_timeout{step}',
    declaration: withFilter(() => new Promise(() => {})),
    afterwards: (gateway) => gateway.advance(10_000),
  },
  {
    ...OWN,
    status: 503,
    details: 'filter_concurrency_limit{step}',
    declaration: withFilter(() => {}, { maxConcurrency: 0 }),
  },
  {
    details: 'http_request_error{step}',
    status: 418,
    error: 'http_request_error',
    declaration: throwing(() => new HttpStatusError(418, 'No.')),
  },
  {
    details: 'request_payload_too_large',
    status: 413,
    error: 'http_request_error',
    declaration: withFilter(() => {}, { maxBodyBytes: 8 }, { needsBodyBuffered: () => true }),
    bytes: POST,
  },
  {
    details: 'response_payload_too_large',
    status: 502,
    error: 'http_response_body_size',
    declaration: { ...withOrigin(LONG), filters: [Whole] },
  },
  {
    details: 'endpoint_disabled',
    status: 503,
    error: 'proxy_configuration_error',
    declaration: { filters: [Off], defaultEndpoint: Off },
  },
  {
    details: 'stream_idle_timeout',
    status: 504,
    error: 'http_response_timeout',
    declaration: withFilter(() => new Promise(() => {}), { timeoutMs: 600_000 }),
    afterwards: (gateway) => gateway.advance(66_000),
  },
  {
    ...ANSWER,
    details: 'direct_response{hello}',
    status: 200,
    declaration: { filters: [Hello], defaultEndpoint: Hello },
  },
  {
    ...ANSWER,
    details: 'direct_response',
    status: 200,
    declaration: withFilter((_request, context) => {
      context.staticResponse = HttpResponseMessage.make(context, { status: 200 });
    }),
  },
];
