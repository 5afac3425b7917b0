import { randomInt } from 'node:crypto';
import { ChannelPromise, VoidChannelPromise } from '../concurrent/channel-promise.ts';
import type { ChannelFuture } from '../concurrent/channel-promise.ts';
import type { Clock } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import { ChannelPipelineError } from '../errors.ts';
import { stderrLogger } from '../logger.ts';
import type { Logger } from '../logger.ts';
import { ChannelPipeline } from '../pipeline/channel-pipeline.ts';
import { AttributeMap } from './attribute.ts';
import type { Attribute, AttributeKey } from './attribute.ts';
import { ChannelConfig } from './channel-config.ts';
import type { ChannelOutboundBuffer } from './channel-outbound-buffer.ts';
import { ChannelUnsafe } from './channel-unsafe.ts';
import type { Channel } from './channel.ts';
import { HeadHandler } from './head-handler.ts';
import { formatAddress } from './socket-address.ts';
import type { SocketAddress } from './socket-address.ts';
import { TailHandler } from './tail-handler.ts';

let nextId = randomInt(0x7fff_ffff);

export interface ChannelSettings {
  readonly parent?: Channel | undefined;
  readonly logger?: Logger | undefined;
  readonly id?: string | undefined;
}

/**
 * What all channels have in common. A transport extends it and says with the `do…` methods
 * how things are done; when and in which order is decided here, once for all.
 */
export abstract class AbstractChannel implements Channel {
  readonly id: string;
  readonly parent: Channel | undefined;
  readonly logger: Logger;
  readonly config: ChannelConfig;
  readonly closeFuture: ChannelFuture;
  readonly pipeline: ChannelPipeline;
  /** @internal */ readonly unsafe: ChannelUnsafe;
  #attributes: AttributeMap | undefined = undefined;
  #voidPromise: ChannelPromise | undefined = undefined;
  #pausedReads = 0;

  constructor({ parent, logger, id }: ChannelSettings = {}) {
    this.id = id ?? (nextId = (nextId + 1) >>> 0).toString(16).padStart(8, '0');
    this.parent = parent;
    this.logger = logger ?? parent?.logger ?? stderrLogger;
    this.config = new ChannelConfig(this);
    this.unsafe = new ChannelUnsafe(this);
    this.closeFuture = this.unsafe.closePromise;
    this.pipeline = new ChannelPipeline(this, new HeadHandler(this), this.newTail());
  }

  abstract get isOpen(): boolean;
  abstract get isActive(): boolean;
  abstract get localAddress(): SocketAddress | undefined;
  abstract get remoteAddress(): SocketAddress | undefined;

  get descriptorsLeft(): number | undefined {
    return undefined;
  }

  /** @internal Prepares the channel for its event loop. */
  doRegister(): void {}
  /** @internal */
  doDeregister(): void {}
  /** @internal Binds, then calls back. */
  abstract doBind(local: SocketAddress, done: (error?: Error) => void): void;
  /** @internal Connects, then calls back. */
  abstract doConnect(
    remote: SocketAddress,
    local: SocketAddress | undefined,
    done: (error?: Error) => void,
  ): void;
  /** @internal Only called when `hasDisconnect`. */
  doDisconnect(): void {}
  /** @internal Frees the socket at once. */
  abstract doClose(): void;
  /** @internal Starts reading, or goes on. Called again while reading: no effect. */
  abstract doBeginRead(): void;
  /** @internal Stops reading as soon as the platform lets it. */
  abstract doStopRead(): void;
  /** @internal Throws when the transport can't send such a message. Default: all are taken. */
  filterOutboundMessage(_message: unknown): void {}
  /** @internal Whether flushed messages wait: then the transport calls `unsafe.output.flushDeferred` in the same turn. */
  defersFlush(_buffer: ChannelOutboundBuffer): boolean {
    return false;
  }
  /** @internal Sends flushed messages and removes those sent; what is left it sends later by itself. */
  abstract doWrite(buffer: ChannelOutboundBuffer): void;
  /** @internal Ends the sending direction after what was handed over already. */
  abstract doShutdownOutput(done: (error?: Error) => void): void;

  /** The handler at the far end of the pipeline. */
  protected newTail(): TailHandler {
    return new TailHandler(this);
  }

  get hasDisconnect(): boolean {
    return false;
  }

  get eventLoop(): EventLoop {
    const loop = this.unsafe.eventLoop;
    if (loop === undefined) throw new ChannelPipelineError('The channel is not registered to an event loop.');
    return loop;
  }

  get clock(): Clock {
    return this.eventLoop.clock;
  }

  get isRegistered(): boolean {
    return this.unsafe.isRegistered;
  }

  get isInputShutdown(): boolean {
    return !this.isOpen || this.unsafe.input.isShutdown;
  }

  get isWritable(): boolean {
    return this.unsafe.output.isOpen && (this.unsafe.output.buffer?.isWritable ?? false);
  }

  get bytesBeforeUnwritable(): number {
    return this.unsafe.output.buffer?.bytesBeforeUnwritable ?? 0;
  }

  get bytesBeforeWritable(): number {
    return this.unsafe.output.buffer?.bytesBeforeWritable ?? Number.MAX_SAFE_INTEGER;
  }

  get pendingOutboundBytes(): number {
    return this.unsafe.output.buffer?.pendingBytes ?? 0;
  }

  get sendCount(): number {
    return this.unsafe.output.sendCount;
  }

  get unacknowledgedBytes(): number | undefined {
    return undefined;
  }

  getUserDefinedWritability(index: number): boolean {
    return this.unsafe.output.buffer?.getUserDefinedWritability(index) ?? false;
  }

  setUserDefinedWritability(index: number, writable: boolean): void {
    this.unsafe.output.buffer?.setUserDefinedWritability(index, writable);
  }

  attr<T>(key: AttributeKey<T>): Attribute<T> {
    this.#attributes ??= new AttributeMap();
    return this.#attributes.attr(key);
  }

  hasAttr<T>(key: AttributeKey<T>): boolean {
    return this.#attributes?.hasAttr(key) ?? false;
  }

  register(eventLoop: EventLoop, promise: ChannelPromise = this.newPromise()): ChannelFuture {
    this.unsafe.register(eventLoop, promise);
    return promise;
  }

  bind(local: SocketAddress, promise?: ChannelPromise): ChannelFuture {
    return this.pipeline.bind(local, promise);
  }

  connect(remote: SocketAddress, local?: SocketAddress, promise?: ChannelPromise): ChannelFuture {
    return this.pipeline.connect(remote, local, promise);
  }

  disconnect(promise?: ChannelPromise): ChannelFuture {
    return this.pipeline.disconnect(promise);
  }

  close(promise?: ChannelPromise): ChannelFuture {
    return this.pipeline.close(promise);
  }

  deregister(promise?: ChannelPromise): ChannelFuture {
    return this.pipeline.deregister(promise);
  }

  read(): this {
    this.pipeline.read();
    return this;
  }

  write(message: unknown, promise?: ChannelPromise): void {
    this.pipeline.write(message, promise);
  }

  flush(): this {
    this.pipeline.flush();
    return this;
  }

  writeAndFlush(message: unknown, promise?: ChannelPromise): void {
    this.pipeline.writeAndFlush(message, promise);
  }

  cancelFlush(): this {
    this.unsafe.output.cancelFlush();
    return this;
  }

  shutdownOutput(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    this.unsafe.output.shutdown(promise);
    return promise;
  }

  reset(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    this.unsafe.close(promise);
    return promise;
  }

  get areReadsPaused(): boolean {
    return this.#pausedReads > 0;
  }

  pauseReads(): void {
    if (this.#pausedReads++ === 0) this.unsafe.input.stopRead();
  }

  resumeReads(): void {
    if (this.#pausedReads === 0) throw new ChannelPipelineError('resumeReads() without pauseReads().');
    if (--this.#pausedReads === 0) this.unsafe.input.resumeRead();
  }

  newPromise(): ChannelPromise {
    return new ChannelPromise(this);
  }

  newSucceededFuture(): ChannelFuture {
    const promise = new ChannelPromise(this);
    promise.setSuccess();
    return promise;
  }

  newFailedFuture(cause: unknown): ChannelFuture {
    const promise = new ChannelPromise(this);
    promise.setFailure(cause);
    return promise;
  }

  voidPromise(): ChannelPromise {
    this.#voidPromise ??= new VoidChannelPromise(this);
    return this.#voidPromise;
  }

  /** `[id: 0x1a2b3c4d, L:127.0.0.1:80 - R:127.0.0.1:5000]`, with `!` for `-` once inactive. */
  toString(): string {
    const { localAddress, remoteAddress } = this;
    const local = localAddress && `L:${formatAddress(localAddress)}`;
    const remote = remoteAddress && `R:${formatAddress(remoteAddress)}`;
    const addresses = local && remote ? `${local} ${this.isActive ? '-' : '!'} ${remote}` : (local ?? remote);
    return addresses === undefined ? `[id: 0x${this.id}]` : `[id: 0x${this.id}, ${addresses}]`;
  }

  /** @internal */
  autoReadChanged(autoRead: boolean): void {
    if (!autoRead) this.unsafe.input.clearRead();
    else if (this.isRegistered) this.read();
  }
}
