import type { Clock, EventLoop, Logger, SocketAddress, Transport } from '@sluice/core';
import type { EndpointClass, FilterClass } from '@sluice/filters';
import type { ServerSslContext } from '@sluice/handler-tls';
import type { HandlerClass } from '@sluice/inject';
import type { OriginConfig, OriginServices } from '@sluice/origin';
import type { RouterDeclaration } from '@sluice/router';
import type { ContainerModule } from 'inversify';

export interface ListenerDeclaration {
  /** In logs and metrics. Default: its address. */
  readonly name?: string;
  /** Port 0 takes any free port. */
  readonly address: SocketAddress;
  /** The pipeline of every connection, head first. */
  readonly handlers: readonly HandlerClass[];
  /** TLS with clients, for the SslHandler of the list. Default: none. */
  readonly tls?: ServerSslContext;
  /** Bindings for what these handlers inject, in the place of those of the gateway. */
  readonly modules?: readonly ContainerModule[];
}

/** Everything that makes a gateway. It is checked as a whole before anything starts. */
export interface GatewayDeclaration extends RouterDeclaration {
  readonly listeners: readonly ListenerDeclaration[];
  /** Beside the endpoints chosen below; in the order in which they run. */
  readonly filters?: readonly FilterClass[];
  readonly origins?: readonly OriginConfig[];
  /** What origins use beside the logger: a DNS resolver, a listener for metrics. Default: the system's, none. */
  readonly originServices?: OriginServices;
  /** The pipeline of every connection to an origin, head first. Default: {@link DEFAULT_ORIGIN_HANDLERS}. */
  readonly originHandlers?: readonly HandlerClass[];
  /** Who answers when no filter chooses. Default: the proxy to the origin that a route names. */
  readonly defaultEndpoint?: EndpointClass;
  /** Bindings for what handlers and filters inject: options, tokens of one's own. */
  readonly modules?: readonly ContainerModule[];
  /** Default: warnings and errors to standard error. */
  readonly logger?: Logger;
  /** Default: real time. */
  readonly clock?: Clock;
  /** Where connections come from and go to. Default: the sockets of the operating system. */
  readonly transport?: Transport;
  /** What runs all channels. Default: the event loop of the process, on `clock`; a loop given here has its own. */
  readonly eventLoop?: EventLoop;
}
