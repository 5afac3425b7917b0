export { AbstractBootstrap, BootstrapError } from './bootstrap/abstract-bootstrap.ts';
export type { ChannelFactory } from './bootstrap/abstract-bootstrap.ts';
export { Bootstrap } from './bootstrap/bootstrap.ts';
export type { AddressResolver } from './bootstrap/bootstrap.ts';
export { ServerBootstrap } from './bootstrap/server-bootstrap.ts';
export { setUpV8 } from './bootstrap/v8-settings.ts';
export { AbstractChannel } from './channel/abstract-channel.ts';
export type { ChannelSettings } from './channel/abstract-channel.ts';
export { Attribute, AttributeKey } from './channel/attribute.ts';
export { ChannelConfig, ChannelOption } from './channel/channel-config.ts';
export type { WriteBufferWaterMark } from './channel/channel-config.ts';
export { PeerProgress } from './channel/peer-progress.ts';
export { ChannelGroup } from './channel/channel-group.ts';
export { ChannelOutboundBuffer } from './channel/channel-outbound-buffer.ts';
export type { Channel } from './channel/channel.ts';
export { PendingWriteQueue } from './channel/pending-write-queue.ts';
export {
  ChannelInputShutdownEvent,
  ChannelInputShutdownReadComplete,
  ChannelOutputShutdownEvent,
} from './channel/shutdown-events.ts';
export { formatAddress, isUnixPath, MAX_UNIX_PATH_BYTES } from './channel/socket-address.ts';
export type { InetSocketAddress, SocketAddress, UnixSocketAddress } from './channel/socket-address.ts';
export { TailHandler } from './channel/tail-handler.ts';
export { BackgroundClock } from './concurrent/background-clock.ts';
export {
  ChannelPromise,
  CLOSE,
  CLOSE_ON_FAILURE,
  FIRE_EXCEPTION_ON_FAILURE,
} from './concurrent/channel-promise.ts';
export type { ChannelFuture, ChannelFutureListener } from './concurrent/channel-promise.ts';
export { SystemClock } from './concurrent/clock.ts';
export type { Clock, Timer } from './concurrent/clock.ts';
export { NodeEventLoop } from './concurrent/event-loop.ts';
export type { EventLoop } from './concurrent/event-loop.ts';
export { PromiseCombiner } from './concurrent/promise-combiner.ts';
export { VirtualClock } from './concurrent/virtual-clock.ts';
export { EmbeddedChannel } from './embedded/embedded-channel.ts';
export type { EmbeddedChannelSettings } from './embedded/embedded-channel-settings.ts';
export { EmbeddedEventLoop } from './embedded/embedded-event-loop.ts';
export {
  AlreadyConnectedError,
  CancellationError,
  ChannelOutputShutdownError,
  ChannelPipelineError,
  ClosedChannelError,
  ConnectionPendingError,
  ConnectTimeoutError,
  NotYetConnectedError,
  SluiceError,
  UnsupportedMessageTypeError,
  UnsupportedOperationError,
} from './errors.ts';
export type { ErrorSource, SluiceErrorOptions } from './errors.ts';
export { FolderWatcher } from './files/folder-watcher.ts';
export type { FolderWatcherOptions } from './files/folder-watcher.ts';
export { globPattern } from './files/glob-pattern.ts';
export type { WatchedFiles } from './files/watched-files.ts';
export { loadedCopies } from './loaded-copies.ts';
export { silentLogger, stderrLogger } from './logger.ts';
export type { Logger } from './logger.ts';
export { nearest, nearestName } from './nearest.ts';
export { isSameData } from './same-data.ts';
export { ChannelHandlerContext } from './pipeline/channel-handler-context.ts';
export type {
  ChannelDuplexHandler,
  ChannelHandler,
  ChannelHandlerLifecycle,
  ChannelInboundHandler,
  ChannelOutboundHandler,
  Transparent,
} from './pipeline/channel-handler.ts';
export { declareMessages, readersOf } from './pipeline/declared-messages.ts';
export type { DeclaredMessages, MessageType } from './pipeline/declared-messages.ts';
export { ChannelInitializer } from './pipeline/channel-initializer.ts';
export { ChannelPipeline } from './pipeline/channel-pipeline.ts';
export { handlerList } from './pipeline/handler-list.ts';
export type { HandlerClass, HandlerListFault, OrderedHandlers } from './pipeline/handler-list.ts';
export { HANDLER_METHODS } from './pipeline/handler-methods.ts';
export type { HandlerMethod } from './pipeline/handler-methods.ts';
export type { HandlerReference, HandlerType } from './pipeline/handler-reference.ts';
export { PipelineTemplate } from './pipeline/pipeline-template.ts';
export type { TemplateHandler } from './pipeline/pipeline-template.ts';
export { LocalNetwork } from './transport/local-network.ts';
export { ServerSocketChannel } from './transport/server-socket-channel.ts';
export { SocketChannel } from './transport/socket-channel.ts';
export type { SocketChannelSettings } from './transport/socket-channel.ts';
export { canReusePort } from './transport/reuse-port.ts';
export { reusePortTransport, socketTransport } from './transport/transport.ts';
export type { Transport } from './transport/transport.ts';
