import { HttpServerCodec, HttpServerCodecOptions } from '@sluice/codec-http';
import { handlerList } from '@sluice/core';
import { formatAddress, SluiceError } from '@sluice/core';
import type { SocketAddress } from '@sluice/core';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  ZuulFilterChainHandler,
  ZuulFilterChainOptions,
} from '@sluice/filters';
import { Gateway, isLoopback } from '@sluice/gateway';
import type { GatewayDeclaration } from '@sluice/gateway';
import { MaxInboundConnectionsHandler, MaxInboundConnectionsOptions } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpHeadersTimeoutOptions,
  HttpRequestDeadlineHandler,
  HttpRequestReadTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { withDefaults } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import { ADMIN_ACTIONS, ADMIN_SOURCE, AdminEndpoint } from './http/admin-endpoint.ts';
import { AdminHeadersFilter } from './http/admin-headers-filter.ts';
import { AdminHostFilter, NO_HOST } from './http/admin-host-filter.ts';
import { AdminOptions } from './http/admin-options.ts';
import type { AdminActions } from './seam/admin-actions.ts';
import type { AdminSource } from './seam/admin-source.ts';

/** What stands between an operator and the endpoint: the handlers of the gateway itself, with smaller limits. */
export const ADMIN_HANDLERS = handlerList(
  IdleStateHandler,
  CloseOnIdleStateHandler,
  MaxInboundConnectionsHandler,
  HttpServerCodec,
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpRequestReadTimeoutHandler,
  HttpRequestDeadlineHandler,
  HttpServerLifecycleChannelHandler,
  ClientRequestReceiver,
  ZuulFilterChainHandler,
  ClientResponseWriter,
);

const MAX_CONNECTIONS = 64;
/** For a head, in ms: clients that never send one must not keep the places of those that do. */
const HEADERS_TIMEOUT_MS = 5_000;
const MAX_REQUEST_LINE_BYTES = 4 * 1024;
const MAX_HEAD_BYTES = 8 * 1024;

export interface AdminDeclaration {
  readonly source: AdminSource;
  /** Default: nothing can be changed. */
  readonly actions?: AdminActions;
  readonly options?: Partial<AdminOptions>;
}

/** The parts of a Gateway that answer an operator. */
export function adminParts({ source, actions = {}, options }: AdminDeclaration): Pick<
  GatewayDeclaration,
  'filters' | 'defaultEndpoint' | 'modules'
> & {
  readonly handlers: readonly HandlerClass[];
} {
  const bindings = new ContainerModule(({ bind }) => {
    bind(ADMIN_SOURCE).toConstantValue(source);
    bind(ADMIN_ACTIONS).toConstantValue(actions);
    bind(AdminOptions).toConstantValue(withDefaults(AdminOptions, options ?? {}));
    // RFC 9209 §2: an origin sends no `Proxy-Status`.
    bind(ZuulFilterChainOptions).toConstantValue({ ...new ZuulFilterChainOptions(), proxyName: undefined });
    bind(MaxInboundConnectionsOptions).toConstantValue({
      ...new MaxInboundConnectionsOptions(),
      maxConnections: MAX_CONNECTIONS,
      // An operator is let in when clients are not.
      reservedDescriptors: 0,
    });
    bind(HttpHeadersTimeoutOptions).toConstantValue({ timeoutMs: HEADERS_TIMEOUT_MS });
    bind(HttpServerCodecOptions).toConstantValue({
      ...new HttpServerCodecOptions(),
      maxRequestLineBytes: MAX_REQUEST_LINE_BYTES,
      maxHeadBytes: MAX_HEAD_BYTES,
      allowedUpgrades: [],
      defaultHostForHttp10: NO_HOST,
    });
  });
  return {
    handlers: ADMIN_HANDLERS,
    filters: [AdminHostFilter, AdminHeadersFilter],
    defaultEndpoint: AdminEndpoint,
    modules: [bindings],
  };
}

export interface AdminGatewayDeclaration
  extends AdminDeclaration, Pick<GatewayDeclaration, 'logger' | 'clock' | 'transport' | 'eventLoop'> {
  readonly address: SocketAddress;
  /** Whether to listen where other machines can ask, who then see all that it shows. Default: false. */
  readonly allowRemote?: boolean;
}

/** A gateway that answers an operator. Throws a {@link SluiceError} for an address that other machines reach, unless that is allowed. */
export function adminGateway(declaration: AdminGatewayDeclaration): Gateway {
  const { address, allowRemote = false, source: _, actions: __, options: ___, ...services } = declaration;
  if (!allowRemote && !isLoopback(address)) {
    throw new SluiceError(
      'SLUICE_ADMIN_ADDRESS',
      `The admin listener shows everything to whoever reaches it, and ${formatAddress(address)} is not of the loopback interface. Take 127.0.0.1, or allow it explicitly.`,
    );
  }
  const { handlers, ...parts } = adminParts(declaration);
  return new Gateway({ ...services, ...parts, listeners: [{ name: 'admin', address, handlers }] });
}
