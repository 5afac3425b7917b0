import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelHandlerContext } from './channel-handler-context.ts';

declare const transparent: unique symbol;

/**
 * The message type of a handler that forwards whatever it is given.
 *
 * A handler that counts reads is transparent: the handler after it sees the same
 * messages as the handler before it.
 */
export type Transparent = typeof transparent;

/** What a context takes for a message type: anything where the type says nothing. */
export type Message<T> = [T] extends [Transparent] ? unknown : [T] extends [never] ? unknown : T;

/** Called when a handler enters or leaves a pipeline; no event, and never passed on. */
export interface ChannelHandlerLifecycle {
  /**
   * Whether one instance may stand in several pipelines at once. Default: false, and
   * adding it a second time is an error.
   */
  readonly sharable?: boolean;
  /** Whether it would do nothing in any pipeline, as its options say: a PipelineTemplate leaves it out. Default: false. */
  readonly isOff?: boolean;
  /** The handler is in the pipeline of a registered channel and may receive events from now on. */
  handlerAdded?(ctx: ChannelHandlerContext): void;
  /** The handler has left the pipeline. Called once for each `handlerAdded`, and never without it. */
  handlerRemoved?(ctx: ChannelHandlerContext): void;
}

/**
 * Reacts to what comes from the transport, from head to tail.
 *
 * Every method is optional. The pipeline notes which of them exist when the handler is
 * added, and an event never touches a handler without the method for it; replacing a
 * method on the instance afterwards has no effect. A method that does not fire the event
 * on has consumed it. The names of events and operations are taken, so a helper method of a
 * handler should have another name or be private: one called `close` or `write` is an operation.
 */
export interface ChannelInboundHandler<Read = Transparent, Fires = Read> extends ChannelHandlerLifecycle {
  channelRegistered?(ctx: ChannelHandlerContext<Fires>): void;
  channelUnregistered?(ctx: ChannelHandlerContext<Fires>): void;
  channelActive?(ctx: ChannelHandlerContext<Fires>): void;
  channelInactive?(ctx: ChannelHandlerContext<Fires>): void;
  channelRead?(ctx: ChannelHandlerContext<Fires>, message: Read): void;
  channelReadComplete?(ctx: ChannelHandlerContext<Fires>): void;
  userEventTriggered?(ctx: ChannelHandlerContext<Fires>, event: object): void;
  channelWritabilityChanged?(ctx: ChannelHandlerContext<Fires>): void;
  /** Gets what any method of this handler throws, and what handlers before it pass on. */
  exceptionCaught?(ctx: ChannelHandlerContext<Fires>, cause: unknown): void;
}

/**
 * Acts on what is on its way to the transport, from tail to head.
 *
 * Every method is optional, as in {@link ChannelInboundHandler}. An operation that is not
 * passed on does not happen; then its promise must be completed here.
 */
export interface ChannelOutboundHandler<Write = Transparent, Writes = Write> extends ChannelHandlerLifecycle {
  bind?(ctx: ChannelHandlerContext<never, Writes>, local: SocketAddress, promise: ChannelPromise): void;
  connect?(
    ctx: ChannelHandlerContext<never, Writes>,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ): void;
  disconnect?(ctx: ChannelHandlerContext<never, Writes>, promise: ChannelPromise): void;
  close?(ctx: ChannelHandlerContext<never, Writes>, promise: ChannelPromise): void;
  deregister?(ctx: ChannelHandlerContext<never, Writes>, promise: ChannelPromise): void;
  read?(ctx: ChannelHandlerContext<never, Writes>): void;
  /** `promise` is undefined when nobody asks for the outcome. Pass on what was given. */
  write?(
    ctx: ChannelHandlerContext<never, Writes>,
    message: Write,
    promise: ChannelPromise | undefined,
  ): void;
  flush?(ctx: ChannelHandlerContext<never, Writes>): void;
  exceptionCaught?(ctx: ChannelHandlerContext<never, Writes>, cause: unknown): void;
}

/** Both directions in one handler: what it reads and fires, what it takes from above and writes. */
export interface ChannelDuplexHandler<Read = Transparent, Fires = Read, Write = Transparent, Writes = Write>
  extends
    Omit<ChannelInboundHandler<Read, Fires>, 'exceptionCaught'>,
    Omit<ChannelOutboundHandler<Write, Writes>, 'exceptionCaught'> {
  exceptionCaught?(ctx: ChannelHandlerContext<Fires, Writes>, cause: unknown): void;
}

/** Any handler, whatever its message types. */
export interface ChannelHandler extends ChannelHandlerLifecycle {
  channelRegistered?(ctx: never): void;
  channelUnregistered?(ctx: never): void;
  channelActive?(ctx: never): void;
  channelInactive?(ctx: never): void;
  channelRead?(ctx: never, message: never): void;
  channelReadComplete?(ctx: never): void;
  userEventTriggered?(ctx: never, event: object): void;
  channelWritabilityChanged?(ctx: never): void;
  exceptionCaught?(ctx: never, cause: unknown): void;
  bind?(ctx: never, local: SocketAddress, promise: ChannelPromise): void;
  connect?(
    ctx: never,
    remote: SocketAddress,
    local: SocketAddress | undefined,
    promise: ChannelPromise,
  ): void;
  disconnect?(ctx: never, promise: ChannelPromise): void;
  close?(ctx: never, promise: ChannelPromise): void;
  deregister?(ctx: never, promise: ChannelPromise): void;
  read?(ctx: never): void;
  write?(ctx: never, message: never, promise: ChannelPromise | undefined): void;
  flush?(ctx: never): void;
}
