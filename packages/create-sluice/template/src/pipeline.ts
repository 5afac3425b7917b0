import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { MaxInboundConnectionsHandler, SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  StripUntrustedProxyHeadersHandler,
} from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { RequestLogHandler } from './request-log-handler.ts';

/** What stands between a client's socket and the filters, in the order of the wire. */
export const handlers = handlerList(
  IdleStateHandler,
  CloseOnIdleStateHandler,
  SourceAddressChannelHandler,
  MaxInboundConnectionsHandler,
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestReadTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpServerLifecycleChannelHandler,
  RequestLogHandler,
  StripUntrustedProxyHeadersHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);
