import { RequestIdFilter } from '@sluice/builtin-filters';
import { HttpServerCodec } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { MaxInboundConnectionsHandler, SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  StripUntrustedProxyHeadersHandler,
} from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import type { VirtualHostDeclaration } from '@sluice/router';
import { ContainerModule } from 'inversify';
import { ApiKeyFilter, ApiKeys } from './api-key-filter.ts';
import { SlowRequestHandler, SlowRequestOptions } from './slow-request-handler.ts';

/** The pipeline of a client's connection, in the order of the wire. */
export const handlers = handlerList(
  IdleStateHandler,
  CloseOnIdleStateHandler,
  SourceAddressChannelHandler,
  MaxInboundConnectionsHandler,
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
  SlowRequestHandler,
  StripUntrustedProxyHeadersHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

export const filters: readonly FilterClass[] = [RequestIdFilter, ApiKeyFilter];

/** What the handler and the filter inject. */
export function bindings(keys: ApiKeys): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(ApiKeys).toConstantValue(keys);
    bind(SlowRequestOptions).toConstantValue({ slowMs: 500 });
  });
}

export const virtualHosts: readonly VirtualHostDeclaration[] = [
  {
    name: 'api',
    domains: ['*'],
    routes: [
      {
        name: 'health',
        path: { exact: '/healthz' },
        response: { status: 200, body: 'ok\n' },
        filters: { 'api-key': false },
      },
      {
        name: 'orders',
        path: { segmentPrefix: '/orders' },
        origin: 'orders',
        upstream: { timeoutMs: 5_000 },
      },
    ],
  },
];

export function apiGateway(port: number, ordersPort: number): Gateway {
  return new Gateway({
    listeners: [{ address: { host: '127.0.0.1', port }, handlers }],
    filters,
    modules: [bindings(new ApiKeys([['secret-of-alice', 'alice']]))],
    origins: [{ name: 'orders', servers: [{ host: '127.0.0.1', port: ordersPort }] }],
    virtualHosts,
  });
}
