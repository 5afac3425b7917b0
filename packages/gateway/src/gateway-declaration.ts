import type { Clock, EventLoop, Logger, OrderedHandlers, SocketAddress, Transport } from '@sluice/core';
import type { EndpointClass, FilterClass } from '@sluice/filters';
import type { ServerSslContext } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import type { OriginConfig, OriginServices } from '@sluice/origin';
import type { RouterDeclaration } from '@sluice/router';
import type { ContainerModule } from 'inversify';
import type { DrainOptions } from './drain.ts';

/** A handler list as a declaration has it: head first, and of its order what the compiler knows. */
export type DeclaredList = readonly HandlerClass[];

export interface ListenerDeclaration<Handlers extends DeclaredList = DeclaredList> {
  /** In logs and metrics. Default: its address. */
  readonly name?: string;
  /** Port 0 takes any free port. */
  readonly address: SocketAddress;
  /** The pipeline of every connection, head first. Of a list in place and of a `handlerList` the compiler checks the order. */
  readonly handlers: Handlers & OrderedHandlers<Handlers>;
  /** TLS with clients, for the SslHandler of the list. Default: none. */
  readonly tls?: ServerSslContext;
  /** Bindings for what these handlers inject, in the place of those of the gateway. */
  readonly modules?: readonly ContainerModule[];
}

/**
 * Everything that makes a gateway. It is checked as a whole before anything starts; the order of its
 * handlers by the compiler already, for which the lists of the listeners and that of the origins are its parameters.
 */
export interface GatewayDeclaration<
  Listeners extends readonly DeclaredList[] = readonly DeclaredList[],
  OriginHandlers extends DeclaredList = DeclaredList,
> extends RouterDeclaration {
  readonly listeners: { readonly [At in keyof Listeners]: ListenerDeclaration<Listeners[At]> };
  /** Beside the endpoints chosen below; in the order in which they run. */
  readonly filters?: readonly FilterClass[];
  readonly origins?: readonly OriginConfig[];
  /** What origins use beside the logger: a DNS resolver, a listener for metrics. Default: the system's, none. */
  readonly originServices?: OriginServices;
  /** The pipeline of every connection to an origin, head first. Default: {@link DEFAULT_ORIGIN_HANDLERS}. */
  readonly originHandlers?: OriginHandlers & OrderedHandlers<OriginHandlers>;
  /** Who answers when no filter chooses. Default: the proxy to the origin that a route names. */
  readonly defaultEndpoint?: EndpointClass;
  /** Who answers when a request has failed: why stands in `context.error`. Default: problem+json (RFC 9457). */
  readonly errorEndpoint?: EndpointClass;
  /** Bindings for what handlers and filters inject: options, tokens of one's own. */
  readonly modules?: readonly ContainerModule[];
  /** How connections end, in a drain and of a listener that is gone after a reload. Default: {@link DrainOptions}. */
  readonly drain?: Partial<DrainOptions>;
  /** Default: warnings and errors to standard error. */
  readonly logger?: Logger;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Where connections come from and go to. Default: the sockets of the operating system. */
  readonly transport?: Transport;
  /** What runs all channels. Default: the event loop of the process, on `clock`; a loop given here has its own. */
  readonly eventLoop?: EventLoop;
}
