import type { Channel } from '../channel/channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture } from '../concurrent/channel-promise.ts';
import { ChannelPromise } from '../concurrent/channel-promise.ts';
import { checkMessage, checkPromise, isRequested } from './arguments.ts';
import { containOutcome } from './async-methods.ts';
import type { ChannelHandler, Message } from './channel-handler.ts';
import type { ChannelPipeline } from './channel-pipeline.ts';
import { nextFor, prevFor } from './context-links.ts';
import { failOperation, logSecond } from './handler-failures.ts';
import type { HandlerMethods, RareEvent, LifecycleOperation } from './handler-methods.ts';
import { Link, Rare } from './handler-methods.ts';

/** Linked, but `handlerAdded` has not been called yet: events pass by. */
const ADD_PENDING = 0;
const ADDED = 1;
const REMOVED = 2;

const ALL_LINKS = -1;

/**
 * A handler's place in one pipeline: the way to the handlers before and after it.
 *
 * `fire…` goes on to the next handler towards the tail that has the method for the event;
 * `write`, `flush`, `close` and the other operations go back to the next such handler towards
 * the head. The links for the frequent events are kept ready (`nextRead` and so on), so that
 * handlers that don't listen cost nothing; rare events look for the next listener as they go.
 */
export class ChannelHandlerContext<Fires = unknown, Writes = unknown> {
  /** Carries the message types for the compiler; there is no such value. */
  declare readonly types: [Fires, Writes];
  // Those that messages need come first: they lie in the same lines of the processor's cache.
  readonly handler: ChannelHandler;
  /** @internal */ readonly methods: HandlerMethods;
  #state: number;
  /** @internal */ nextRead: ChannelHandlerContext;
  /** @internal */ prevWrite: ChannelHandlerContext;
  /** @internal */ nextUserEvent: ChannelHandlerContext;
  /** @internal */ nextReadComplete: ChannelHandlerContext;
  /** @internal */ prevFlush: ChannelHandlerContext;
  /** @internal */ prevReadOperation: ChannelHandlerContext;
  /** @internal */ prev: ChannelHandlerContext;
  /** @internal */ next: ChannelHandlerContext;
  readonly pipeline: ChannelPipeline;
  readonly name: string;

  /**
   * With its links to both sides; those of its neighbours are for `linkIn`. Without them, for the two
   * ends, all lead to itself.
   * @internal
   */
  constructor(
    pipeline: ChannelPipeline,
    name: string,
    handler: ChannelHandler,
    methods: HandlerMethods,
    prev?: ChannelHandlerContext,
    next?: ChannelHandlerContext,
  ) {
    const before = prev ?? this;
    const behind = next ?? this;
    const takes = prev?.methods.links ?? ALL_LINKS;
    const listens = next?.methods.links ?? ALL_LINKS;
    this.pipeline = pipeline;
    this.name = name;
    this.handler = handler;
    this.methods = methods;
    this.#state = ADD_PENDING;
    this.prev = before;
    this.next = behind;
    this.nextRead = listens & Link.channelRead ? behind : behind.nextRead;
    this.nextReadComplete = listens & Link.channelReadComplete ? behind : behind.nextReadComplete;
    this.nextUserEvent = listens & Link.userEventTriggered ? behind : behind.nextUserEvent;
    this.prevReadOperation = takes & Link.read ? before : before.prevReadOperation;
    this.prevWrite = takes & Link.write ? before : before.prevWrite;
    this.prevFlush = takes & Link.flush ? before : before.prevFlush;
  }

  get channel(): Channel {
    return this.pipeline.channel;
  }

  /** Whether the handler has left the pipeline. What it fires or writes still reaches its former neighbours. */
  get isRemoved(): boolean {
    return this.#state === REMOVED;
  }

  newPromise(): ChannelPromise {
    return new ChannelPromise(this.channel);
  }

  // Inbound: on to the next handler.

  fireChannelRegistered(): this {
    nextFor(this, Rare.channelRegistered).invokeEvent('channelRegistered');
    return this;
  }

  fireChannelUnregistered(): this {
    nextFor(this, Rare.channelUnregistered).invokeEvent('channelUnregistered');
    return this;
  }

  fireChannelActive(): this {
    nextFor(this, Rare.channelActive).invokeEvent('channelActive');
    return this;
  }

  fireChannelInactive(): this {
    nextFor(this, Rare.channelInactive).invokeEvent('channelInactive');
    return this;
  }

  fireChannelRead(message: Message<Fires>): this {
    this.nextRead.invokeChannelRead(message);
    return this;
  }

  fireChannelReadComplete(): this {
    this.nextReadComplete.invokeChannelReadComplete();
    return this;
  }

  /** Throws a TypeError without an event. */
  fireUserEventTriggered(event: object): this {
    checkMessage(event, 'event');
    this.nextUserEvent.invokeUserEventTriggered(event);
    return this;
  }

  fireChannelWritabilityChanged(): this {
    nextFor(this, Rare.channelWritabilityChanged).invokeEvent('channelWritabilityChanged');
    return this;
  }

  /** Throws a TypeError without a cause. */
  fireExceptionCaught(cause: unknown): this {
    checkMessage(cause, 'cause');
    nextFor(this, Rare.exceptionCaught).invokeExceptionCaught(cause);
    return this;
  }

  // Outbound: back to the handler before.

  bind(local: SocketAddress, promise: ChannelPromise = this.newPromise()): ChannelFuture {
    checkMessage(local, 'local address');
    if (isRequested(this, promise)) prevFor(this, Rare.bind).invokeBind(local, promise);
    return promise;
  }

  connect(
    remote: SocketAddress,
    local?: SocketAddress,
    promise: ChannelPromise = this.newPromise(),
  ): ChannelFuture {
    checkMessage(remote, 'remote address');
    if (isRequested(this, promise)) prevFor(this, Rare.connect).invokeConnect(remote, local, promise);
    return promise;
  }

  /** Ends the connection but keeps the channel, where the transport can; else the same as {@link close}. */
  disconnect(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    if (!this.channel.hasDisconnect) return this.close(promise);
    if (isRequested(this, promise)) prevFor(this, Rare.disconnect).invokeOperation('disconnect', promise);
    return promise;
  }

  close(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    if (isRequested(this, promise)) prevFor(this, Rare.close).invokeOperation('close', promise);
    return promise;
  }

  deregister(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    if (isRequested(this, promise)) prevFor(this, Rare.deregister).invokeOperation('deregister', promise);
    return promise;
  }

  /** Asks for one cycle of reading; needed only while `autoRead` is off. */
  read(): this {
    this.prevReadOperation.invokeRead();
    return this;
  }

  /**
   * Queues a message; {@link flush} sends it. Give a promise to learn the outcome. Without one
   * nothing is allocated, and a handler's error is fired as `exceptionCaught` from the head.
   * Throws a TypeError without a message.
   */
  write(message: Message<Writes>, promise?: ChannelPromise): void {
    checkMessage(message, 'message');
    if (promise === undefined || checkPromise(this, promise)) this.prevWrite.invokeWrite(message, promise);
  }

  flush(): this {
    this.prevFlush.invokeFlush();
    return this;
  }

  writeAndFlush(message: Message<Writes>, promise?: ChannelPromise): void {
    checkMessage(message, 'message');
    if (promise !== undefined && !checkPromise(this, promise)) return;
    this.prevWrite.invokeWrite(message, promise);
    this.prevFlush.invokeFlush();
  }

  // Calls of this context's own handler, made by its neighbours.

  /** @internal The rare events, which need no links of their own. */
  invokeEvent(event: RareEvent): void {
    if (this.#state !== ADDED) {
      nextFor(this, Rare[event]).invokeEvent(event);
      return;
    }
    try {
      this.methods[event]?.call(this.handler, this);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /** @internal */
  invokeChannelRead(message: unknown): void {
    const method = this.methods.channelRead;
    if (method === undefined || this.#state !== ADDED) {
      this.nextRead.invokeChannelRead(message);
      return;
    }
    try {
      method.call(this.handler, this, message);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /** @internal */
  invokeChannelReadComplete(): void {
    const method = this.methods.channelReadComplete;
    if (method === undefined || this.#state !== ADDED) {
      this.nextReadComplete.invokeChannelReadComplete();
      return;
    }
    try {
      method.call(this.handler, this);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /** @internal */
  invokeUserEventTriggered(event: object): void {
    const method = this.methods.userEventTriggered;
    if (method === undefined || this.#state !== ADDED) {
      this.nextUserEvent.invokeUserEventTriggered(event);
      return;
    }
    try {
      method.call(this.handler, this, event);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /**
   * Gives an error to this handler, or to the next one that takes errors. What
   * `exceptionCaught` itself throws is logged and goes nowhere.
   * @internal
   */
  invokeExceptionCaught(cause: unknown): void {
    const method = this.methods.exceptionCaught;
    if (method === undefined || this.#state !== ADDED) {
      nextFor(this, Rare.exceptionCaught).invokeExceptionCaught(cause);
      return;
    }
    try {
      method.call(this.handler, this, cause);
    } catch (second) {
      logSecond(this, cause, second);
    }
  }

  /** @internal */
  invokeOperation(operation: LifecycleOperation, promise: ChannelPromise): void {
    if (this.#state !== ADDED) {
      prevFor(this, Rare[operation]).invokeOperation(operation, promise);
      return;
    }
    try {
      this.methods[operation]?.call(this.handler, this, promise);
    } catch (cause) {
      failOperation(this, promise, cause);
    }
  }

  /** @internal */
  invokeBind(local: SocketAddress, promise: ChannelPromise): void {
    const method = this.methods.bind;
    if (method === undefined || this.#state !== ADDED) {
      this.bind(local, promise);
      return;
    }
    try {
      method.call(this.handler, this, local, promise);
    } catch (cause) {
      failOperation(this, promise, cause);
    }
  }

  /** @internal */
  invokeConnect(remote: SocketAddress, local: SocketAddress | undefined, promise: ChannelPromise): void {
    const method = this.methods.connect;
    if (method === undefined || this.#state !== ADDED) {
      this.connect(remote, local, promise);
      return;
    }
    try {
      method.call(this.handler, this, remote, local, promise);
    } catch (cause) {
      failOperation(this, promise, cause);
    }
  }

  /** @internal */
  invokeRead(): void {
    const method = this.methods.read;
    if (method === undefined || this.#state !== ADDED) {
      this.prevReadOperation.invokeRead();
      return;
    }
    try {
      method.call(this.handler, this);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /** @internal */
  invokeWrite(message: unknown, promise: ChannelPromise | undefined): void {
    const method = this.methods.write;
    if (method === undefined || this.#state !== ADDED) {
      this.prevWrite.invokeWrite(message, promise);
      return;
    }
    try {
      method.call(this.handler, this, message, promise);
    } catch (cause) {
      if (promise === undefined) this.pipeline.fireExceptionCaught(cause);
      else failOperation(this, promise, cause);
    }
  }

  /** @internal */
  invokeFlush(): void {
    const method = this.methods.flush;
    if (method === undefined || this.#state !== ADDED) {
      this.prevFlush.invokeFlush();
      return;
    }
    try {
      method.call(this.handler, this);
    } catch (cause) {
      this.invokeExceptionCaught(cause);
    }
  }

  /** @internal Tells the handler that it came, at most once. */
  callHandlerAdded(): void {
    if (this.#state !== ADD_PENDING) return;
    // First the state, so that events fired by handlerAdded reach the handler.
    this.#state = ADDED;
    const { handlerAdded } = this.methods;
    if (handlerAdded !== undefined) containOutcome(this, handlerAdded.call(this.handler, this));
  }

  /** @internal Tells the handler that it left, if it was told that it came. */
  callHandlerRemoved(): void {
    const wasAdded = this.#state === ADDED;
    this.#state = REMOVED;
    const { handlerRemoved } = this.methods;
    if (wasAdded && handlerRemoved !== undefined)
      containOutcome(this, handlerRemoved.call(this.handler, this));
  }
}
