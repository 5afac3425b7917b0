// Not from the index, which brings the whole admin listener.
import { PassportRecordingHandler } from '@sluice/admin/passports';
import { HttpClientCodec, HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { AccessLogChannelHandler } from '@sluice/handler-access-log';
import { MaxInboundConnectionsHandler, SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  Http1ConnectionExpiryHandler,
  HttpBodySizeRecordingChannelHandler,
  HttpClientLifecycleChannelHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  LoggingHandler,
  ServerStatusHeaderHandler,
  StripUntrustedProxyHeadersHandler,
} from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler, WriteStallHandler } from '@sluice/handler-idle-state';
import {
  HttpClientMetricsChannelHandler,
  HttpMetricsChannelHandler,
  PerEventLoopMetricsChannelHandler,
  ServerChannelMetrics,
  SslExceptionsHandler,
  SslMetricsChannelHandler,
} from '@sluice/handler-metrics';
import {
  PassportLoggingHandler,
  PassportStateHttpClientHandler,
  PassportStateHttpServerHandler,
  PassportStateOriginHandler,
  PassportStateServerHandler,
} from '@sluice/handler-passport';
import { ElbProxyProtocolChannelHandler } from '@sluice/handler-proxy-protocol';
import { SslHandler, SslHandshakeInfoHandler } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import { ConnectionPoolHandler, OriginResponseReceiver } from '@sluice/origin';

const tcpHandlers = [
  IdleStateHandler,
  CloseOnIdleStateHandler,
  WriteStallHandler,
  PassportStateServerHandler,
  SourceAddressChannelHandler,
  ServerChannelMetrics,
  PerEventLoopMetricsChannelHandler,
  ElbProxyProtocolChannelHandler,
  MaxInboundConnectionsHandler,
] as const;

const tlsHandlers = [
  SslHandler,
  SslHandshakeInfoHandler,
  SslMetricsChannelHandler,
  SslExceptionsHandler,
] as const;

const http1Handlers = [HttpServerCodec, Http1ConnectionCloseHandler, Http1ConnectionExpiryHandler] as const;

const httpHandlers = [
  HttpHeadersTimeoutHandler,
  PassportStateHttpServerHandler,
  HttpRequestReadTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpServerLifecycleChannelHandler,
  HttpBodySizeRecordingChannelHandler,
  HttpMetricsChannelHandler,
  AccessLogChannelHandler,
  ServerStatusHeaderHandler,
  StripUntrustedProxyHeadersHandler,
  LoggingHandler,
] as const;

const filterHandlers = [
  ClientRequestReceiver,
  PassportLoggingHandler,
  ZuulFilterChainHandler,
  ClientResponseWriter,
] as const;

/** What stands between a client's socket and the filters, in the order of the wire. */
export const serverHandlers = handlerList(
  ...tcpHandlers,
  ...http1Handlers,
  ...httpHandlers,
  ...filterHandlers,
);

/** The same with TLS. */
export const tlsServerHandlers = handlerList(
  ...tcpHandlers,
  ...tlsHandlers,
  ...http1Handlers,
  ...httpHandlers,
  ...filterHandlers,
);

/** The list with the handler that keeps passports for an operator, where there are any to keep. */
export function withPassportRecording(list: readonly HandlerClass[]): readonly HandlerClass[] {
  const passports = list.indexOf(PassportStateHttpServerHandler);
  if (passports < 0 || list.includes(PassportRecordingHandler)) return list;
  const accessLog = list.indexOf(AccessLogChannelHandler);
  return list.toSpliced(accessLog < 0 ? passports + 1 : accessLog, 0, PassportRecordingHandler);
}

/** What stands between an origin's socket and the pool. */
export const originHandlers = handlerList(
  PassportStateOriginHandler,
  HttpClientCodec,
  PassportStateHttpClientHandler,
  HttpClientMetricsChannelHandler,
  HttpClientLifecycleChannelHandler,
  OriginResponseReceiver,
  ConnectionPoolHandler,
);

/** The least that answers HTTP and ends its connections gently: for the demo origins. */
export const plainHandlers = handlerList(
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);
