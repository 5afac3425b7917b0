import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { AccessLogChannelHandler } from '@sluice/handler-access-log';
import {
  HttpRequestDeadlineHandler,
  HttpRequestDeadlineOptions,
  HttpServerLifecycleChannelHandler,
  HttpServerLifecycleOptions,
} from '@sluice/handler-http';
import { bound, GET, POST, withOrigin } from './local-reply.ts';
import type { LocalReply } from './local-reply.ts';

const MINUTE_MS = 60_000;

// Nobody behind these answers a request that comes too slowly.
const withoutFilters = handlerList(
  HttpServerCodec,
  HttpServerLifecycleChannelHandler,
  HttpRequestDeadlineHandler,
  AccessLogChannelHandler,
);

/** What handlers of the connection answer, and what the filters answer for them. */
export const REPLIES_OF_HANDLERS: readonly LocalReply[] = [
  {
    details: 'http1.missing_host',
    status: 400,
    error: 'http_request_error',
    bytes: 'GET / HTTP/1.1\r\n\r\n',
  },
  {
    details: 'http1.head_timeout',
    status: 408,
    error: 'http_request_error',
    bytes: 'GET / HT',
    afterwards: (gateway) => gateway.advance(MINUTE_MS),
  },
  {
    details: 'body_too_slow',
    status: 408,
    error: 'http_request_error',
    declaration: { handlers: withoutFilters },
    bytes: POST,
    afterwards: (gateway) => gateway.advance(MINUTE_MS),
  },
  {
    details: 'request_deadline',
    status: 408,
    error: 'http_request_error',
    declaration: {
      handlers: withoutFilters,
      modules: [bound(HttpRequestDeadlineOptions, { totalMs: 5_000 })],
    },
    bytes: POST,
    afterwards: (gateway) => gateway.advance(5_000),
  },
  {
    details: 'request_overall_timeout',
    status: 408,
    error: 'http_request_error',
    declaration: withOrigin(),
    bytes: POST,
    afterwards: (gateway) => gateway.advance(20_000),
  },
  {
    details: 'pipelined_request',
    status: 400,
    error: 'http_request_error',
    declaration: {
      ...withOrigin('HTTP/1.1 204 No Content\r\n\r\n'),
      modules: [bound(HttpServerLifecycleOptions, { pipelining: 'reject' })],
    },
    bytes: `${GET}${GET}`,
  },
];
