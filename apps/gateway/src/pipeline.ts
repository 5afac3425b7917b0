import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { HttpServerLifecycleChannelHandler } from '@sluice/handler-http';
import type { HandlerClass } from '@sluice/inject';
import { ConnectionPoolHandler, OriginResponseReceiver } from '@sluice/origin';

/** What stands between a client's socket and the filters, in the order of the wire. */
export const serverHandlers: readonly HandlerClass[] = [
  HttpServerCodec,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
];

/** What stands between an origin's socket and the pool. */
export const originHandlers: readonly HandlerClass[] = [
  HttpClientCodec,
  OriginResponseReceiver,
  ConnectionPoolHandler,
];
