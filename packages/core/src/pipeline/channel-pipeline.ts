import type { Channel } from '../channel/channel.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { ChannelPipelineError } from '../errors.ts';
import { ChannelHandlerContext } from './channel-handler-context.ts';
import type { ChannelHandler } from './channel-handler.ts';
import { linkEnds, linkIn, redirect, unlink, unlinkLast } from './context-links.ts';
import { AddedHandlers } from './added-handlers.ts';
import { HandlerLifecycle } from './handler-lifecycle.ts';
import { methodsOf } from './handler-methods.ts';
import { className, describeReference, refersTo } from './handler-reference.ts';
import type { HandlerReference, HandlerType } from './handler-reference.ts';
import type { PipelineTemplate } from './pipeline-template.ts';

/**
 * The chain of handlers of one channel.
 *
 * Events go in from the transport to the tail, operations go out from the tail to the
 * transport. Each touches only the handlers that have a method for it:
 *
 *                 inbound events ──►
 *     transport ── HEAD ── handler 1 ── handler 2 ── … ── TAIL
 *                 ◄── outbound operations
 *
 * `pipeline.fire…` starts at the head, `pipeline.write`, `close` and the other operations start
 * at the tail. A handler goes on from its own place with the context that it is given.
 *
 * An error thrown by a method for an event goes to `exceptionCaught` of the same handler and
 * from there towards the tail; an error thrown by an operation fails its promise. What reaches
 * the tail unhandled is logged: errors as warnings, messages at debug level.
 *
 * Handlers may be added, removed and replaced at any time, also by themselves in the middle of
 * an event. Before the channel is registered with an event loop, `handlerAdded` is put off
 * until it is. When the channel has closed, all are removed from tail to head; a handler added
 * after that is not told and sees no event.
 */
export class ChannelPipeline {
  readonly channel: Channel;
  readonly #head: ChannelHandlerContext;
  readonly #tail: ChannelHandlerContext;
  readonly #lifecycle: HandlerLifecycle;
  // Handlers that were added one by one.
  #additions = 0;

  /** @internal Channels make their pipeline themselves. */
  constructor(channel: Channel, head: ChannelHandler, tail: ChannelHandler) {
    this.channel = channel;
    this.#lifecycle = new HandlerLifecycle(this);
    this.#head = new ChannelHandlerContext(this, 'HEAD', head, methodsOf(head));
    this.#tail = new ChannelHandlerContext(this, 'TAIL', tail, methodsOf(tail));
    linkEnds(this.#head, this.#tail);
    this.#head.callHandlerAdded();
    this.#tail.callHandlerAdded();
  }

  addFirst(name: string | undefined, handler: ChannelHandler): this {
    return this.#add(name, handler, this.#head, this.#head.next);
  }

  addLast(name: string | undefined, handler: ChannelHandler): this {
    return this.#add(name, handler, this.#tail.prev, this.#tail);
  }

  /** Throws a {@link ChannelPipelineError} when there is no handler of the name `base`. */
  addBefore(base: HandlerReference, name: string | undefined, handler: ChannelHandler): this {
    const next = this.#require(base);
    return this.#add(name, handler, next.prev, next);
  }

  /** Throws a {@link ChannelPipelineError} when there is no handler of the name `base`. */
  addAfter(base: HandlerReference, name: string | undefined, handler: ChannelHandler): this {
    const prev = this.#require(base);
    return this.#add(name, handler, prev, prev.next);
  }

  /** Adds handlers in the order given, each under a name made from its class; stops at the first `undefined`. */
  addHandlersFirst(...handlers: readonly (ChannelHandler | undefined)[]): this {
    const end = handlers.indexOf(undefined);
    for (const handler of handlers.slice(0, end < 0 ? undefined : end).toReversed()) {
      if (handler) this.addFirst(undefined, handler);
    }
    return this;
  }

  /** As {@link addHandlersFirst}, at the other end. */
  addHandlersLast(...handlers: readonly (ChannelHandler | undefined)[]): this {
    for (const handler of handlers) {
      if (handler === undefined) break;
      this.addLast(undefined, handler);
    }
    return this;
  }

  /**
   * Makes the handlers of a template and adds them at the tail, in order, as {@link addLast} does one
   * by one, and for a fraction of its cost.
   */
  fill(template: PipelineTemplate): this {
    const last = this.#tail.prev;
    const others = this.#additions;
    for (const { name, make, methods, isSharable } of template.handlers) {
      const handler = make();
      // Names differ within a template: only those that are not of it have to be looked at.
      this.#checkName(name, this.#additions === others ? last : this.#tail);
      const { prev } = this.#tail;
      const ctx = new ChannelHandlerContext(
        this,
        name,
        handler,
        methods ?? methodsOf(handler),
        prev,
        this.#tail,
      );
      if (!isSharable) AddedHandlers.addNew(ctx);
      linkIn(ctx);
      this.#lifecycle.added(ctx);
    }
    return this;
  }

  /** Takes a handler out and returns it. Throws a {@link ChannelPipelineError} when it is not there. */
  remove(reference: HandlerReference): ChannelHandler {
    return this.#remove(this.#require(reference));
  }

  /** As {@link remove}, but returns undefined when the handler is not there. */
  removeIfExists(reference: HandlerReference): ChannelHandler | undefined {
    const ctx = this.context(reference);
    return ctx && this.#remove(ctx);
  }

  removeFirst(): ChannelHandler {
    return this.#remove(this.firstContext() ?? throwEmpty());
  }

  removeLast(): ChannelHandler {
    return this.#remove(this.lastContext() ?? throwEmpty());
  }

  /**
   * Puts a handler in the place of another. What the old one fires or writes in its
   * `handlerRemoved` goes through the new one, in both directions. The new one is told first.
   * With the same handler it gives it another name. Returns the old handler.
   */
  replace(reference: HandlerReference, name: string | undefined, handler: ChannelHandler): ChannelHandler {
    const old = this.#require(reference);
    const newName = name === undefined ? this.#generateName(handler) : name;
    if (newName !== old.name) this.#checkName(newName);
    const { prev, next } = old;
    if (handler !== old.handler) AddedHandlers.check(handler);
    unlink(old);
    AddedHandlers.remove(old.handler);
    const ctx = new ChannelHandlerContext(this, newName, handler, methodsOf(handler), prev, next);
    AddedHandlers.add(ctx);
    linkIn(ctx);
    redirect(old, ctx);
    this.#additions++;
    this.#lifecycle.added(ctx);
    this.#lifecycle.removed(old);
    return old.handler;
  }

  first(): ChannelHandler | undefined {
    return this.firstContext()?.handler;
  }

  last(): ChannelHandler | undefined {
    return this.lastContext()?.handler;
  }

  firstContext(): ChannelHandlerContext | undefined {
    return this.#head.next === this.#tail ? undefined : this.#head.next;
  }

  lastContext(): ChannelHandlerContext | undefined {
    return this.#tail.prev === this.#head ? undefined : this.#tail.prev;
  }

  /** The handler of a name or class, or undefined. */
  get<H extends ChannelHandler>(type: HandlerType<H>): H | undefined;
  get(reference: HandlerReference): ChannelHandler | undefined;
  get(reference: HandlerReference): ChannelHandler | undefined {
    return this.context(reference)?.handler;
  }

  context(reference: HandlerReference): ChannelHandlerContext | undefined {
    for (let ctx = this.#head.next; ctx !== this.#tail; ctx = ctx.next) {
      if (refersTo(reference, ctx.name, ctx.handler)) return ctx;
    }
    return undefined;
  }

  /** The contexts of the handlers from head to tail, without the two ends. */
  *contexts(): IterableIterator<ChannelHandlerContext> {
    for (let ctx = this.#head.next; ctx !== this.#tail; ctx = ctx.next) yield ctx;
  }

  names(): string[] {
    return [...this.contexts()].map(({ name }) => name);
  }

  toMap(): Map<string, ChannelHandler> {
    return new Map([...this.contexts()].map(({ name, handler }) => [name, handler]));
  }

  *[Symbol.iterator](): IterableIterator<ChannelHandler> {
    for (const { handler } of this.contexts()) yield handler;
  }

  toString(): string {
    const pairs = [...this.contexts()].map(({ name, handler }) => `(${name} = ${className(handler)})`);
    return `ChannelPipeline{${pairs.join(', ')}}`;
  }

  fireChannelRegistered(): this {
    this.#head.fireChannelRegistered();
    return this;
  }

  fireChannelUnregistered(): this {
    this.#head.invokeEvent('channelUnregistered');
    return this;
  }

  fireChannelActive(): this {
    this.#head.invokeEvent('channelActive');
    return this;
  }

  fireChannelInactive(): this {
    this.#head.fireChannelInactive();
    return this;
  }

  fireChannelRead(message: unknown): this {
    this.#head.nextRead.invokeChannelRead(message);
    return this;
  }

  fireChannelReadComplete(): this {
    this.#head.invokeChannelReadComplete();
    return this;
  }

  fireUserEventTriggered(event: object): this {
    this.#head.fireUserEventTriggered(event);
    return this;
  }

  fireChannelWritabilityChanged(): this {
    this.#head.fireChannelWritabilityChanged();
    return this;
  }

  fireExceptionCaught(cause: unknown): this {
    this.#head.fireExceptionCaught(cause);
    return this;
  }

  bind(local: SocketAddress, promise?: ChannelPromise): ChannelFuture {
    return this.#tail.bind(local, promise);
  }

  connect(remote: SocketAddress, local?: SocketAddress, promise?: ChannelPromise): ChannelFuture {
    return this.#tail.connect(remote, local, promise);
  }

  disconnect(promise?: ChannelPromise): ChannelFuture {
    return this.#tail.disconnect(promise);
  }

  close(promise?: ChannelPromise): ChannelFuture {
    return this.#tail.close(promise);
  }

  deregister(promise?: ChannelPromise): ChannelFuture {
    return this.#tail.deregister(promise);
  }

  read(): this {
    this.#tail.read();
    return this;
  }

  write(message: unknown, promise?: ChannelPromise): void {
    this.#tail.write(message, promise);
  }

  flush(): this {
    this.#tail.flush();
    return this;
  }

  writeAndFlush(message: unknown, promise?: ChannelPromise): void {
    this.#tail.writeAndFlush(message, promise);
  }

  /** @internal Calls what was put off until the channel is registered. */
  callPendingHandlerAdded(): void {
    this.#lifecycle.open();
  }

  /** @internal Takes out a handler that could not be added, unless it has left already. */
  drop(ctx: ChannelHandlerContext): void {
    for (const present of this.contexts()) {
      if (present !== ctx) continue;
      unlink(ctx);
      AddedHandlers.remove(ctx.handler);
      return;
    }
  }

  /** @internal Removes all handlers, last first, when the channel has closed. */
  destroy(): void {
    this.#lifecycle.destroy();
    for (let ctx = this.lastContext(); ctx; ctx = this.lastContext()) {
      unlinkLast(ctx);
      this.#lifecycle.removed(ctx);
    }
    linkEnds(this.#head, this.#tail);
  }

  #add(
    name: string | undefined,
    handler: ChannelHandler,
    prev: ChannelHandlerContext,
    next: ChannelHandlerContext,
  ): this {
    if (name !== undefined) this.#checkName(name);
    const methods = methodsOf(handler);
    const newName = name ?? this.#generateName(handler);
    const ctx = new ChannelHandlerContext(this, newName, handler, methods, prev, next);
    AddedHandlers.add(ctx);
    linkIn(ctx);
    this.#additions++;
    this.#lifecycle.added(ctx);
    return this;
  }

  #remove(ctx: ChannelHandlerContext): ChannelHandler {
    unlink(ctx);
    AddedHandlers.remove(ctx.handler);
    this.#lifecycle.removed(ctx);
    return ctx.handler;
  }

  #require(reference: HandlerReference): ChannelHandlerContext {
    const ctx = this.context(reference);
    if (ctx) return ctx;
    const what = describeReference(reference);
    throw new ChannelPipelineError(
      `There is no handler ${what} in the pipeline: ${this.names().join(', ') || 'it is empty'}.`,
    );
  }

  #checkName(name: string, last = this.#tail): void {
    if (this.#hasName(name, last)) throw new ChannelPipelineError(`Duplicate handler name: ${name}`);
  }

  // Looks as far as `last`, or as the end when that is not there any more.
  #hasName(name: string, last = this.#tail): boolean {
    for (let ctx = this.#head; ctx !== last && ctx !== this.#tail;) {
      ctx = ctx.next;
      if (ctx.name === name && ctx !== this.#tail) return true;
    }
    return false;
  }

  #generateName(handler: ChannelHandler): string {
    const { firstName } = methodsOf(handler);
    if (!this.#hasName(firstName)) return firstName;
    const base = className(handler);
    for (let number = 1; ; number++) {
      const name = `${base}#${number}`;
      if (!this.#hasName(name)) return name;
    }
  }
}

function throwEmpty(): never {
  throw new ChannelPipelineError('The pipeline has no handler to remove.');
}
