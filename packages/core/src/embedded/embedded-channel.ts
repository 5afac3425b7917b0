import { AbstractChannel } from '../channel/abstract-channel.ts';
import type { ChannelOutboundBuffer } from '../channel/channel-outbound-buffer.ts';
import type { SocketAddress } from '../channel/socket-address.ts';
import type { TailHandler } from '../channel/tail-handler.ts';
import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import { VirtualClock } from '../concurrent/virtual-clock.ts';
import { ChannelPipelineError, ClosedChannelError } from '../errors.ts';
import { ChannelInitializer } from '../pipeline/channel-initializer.ts';
import type { ChannelHandler } from '../pipeline/channel-handler.ts';
import type { EmbeddedChannelSettings } from './embedded-channel-settings.ts';
import { settingsOf } from './embedded-channel-settings.ts';
import { EmbeddedEventLoop } from './embedded-event-loop.ts';
import { EmbeddedTail } from './embedded-tail.ts';

const ADDRESS: SocketAddress = { path: 'embedded' };

/**
 * A channel without a socket: a test writes into one end of its pipeline and reads from the
 * other, and holds the time in its hand.
 *
 *     const channel = new EmbeddedChannel(new HttpServerCodec());
 *     channel.writeInbound(Buffer.from('GET / HTTP/1.1\r\nhost: a\r\n\r\n'));
 *     channel.readInbound(); // the request
 *
 * Tasks run by themselves at the end of each call. What a handler throws and nobody handles is
 * thrown by the call that caused it.
 */
export class EmbeddedChannel extends AbstractChannel {
  readonly #loop: EmbeddedEventLoop;
  readonly #clock: VirtualClock;
  readonly #settings: EmbeddedChannelSettings;
  #state: 'open' | 'active' | 'closed' = 'open';
  #inbound: unknown[] = [];
  #outbound: unknown[] = [];
  #error: { cause: unknown } | undefined = undefined;
  #depth = 0;
  #isReading = false;

  constructor(...handlers: readonly (ChannelHandler | EmbeddedChannelSettings)[]) {
    const settings = settingsOf(handlers);
    super({ id: 'embedded', ...settings });
    this.#settings = settings;
    this.#clock = settings.clock ?? new VirtualClock();
    this.#loop = new EmbeddedEventLoop(this.#clock, this.logger);
    const init = (): void => void this.pipeline.addHandlersLast(...(settings.handlers ?? []));
    this.pipeline.addLast(undefined, new ChannelInitializer(init));
    if (settings.register !== false) this.register();
  }

  override get isOpen(): boolean {
    return this.#state !== 'closed';
  }

  override get isActive(): boolean {
    return this.#state === 'active';
  }

  override get hasDisconnect(): boolean {
    return this.#settings.hasDisconnect ?? false;
  }

  override get localAddress(): SocketAddress | undefined {
    return this.#state === 'open' ? undefined : (this.#settings.localAddress ?? ADDRESS);
  }

  override get remoteAddress(): SocketAddress | undefined {
    return this.#state === 'open' ? undefined : (this.#settings.remoteAddress ?? ADDRESS);
  }

  override get descriptorsLeft(): number | undefined {
    return this.#settings.descriptorsLeft;
  }

  /** The clock of the channel: `advance` it and its timers run. */
  override get clock(): VirtualClock {
    return this.#clock;
  }

  /** Whether the handlers have asked for bytes. Tests decide whether to give some. */
  get isReading(): boolean {
    return this.#isReading;
  }

  override register(
    eventLoop: EventLoop = this.#loop,
    promise: ChannelPromise = this.newPromise(),
  ): ChannelFuture {
    return this.#operate(() => super.register(eventLoop, promise));
  }

  /** Fires messages as if they had been received, then the end of the burst. Returns whether any message has come out at the tail. */
  writeInbound(...messages: readonly unknown[]): boolean {
    this.#ensureOpen();
    this.#operate(() => {
      for (const message of messages) this.pipeline.fireChannelRead(message);
      if (messages.length > 0) this.pipeline.fireChannelReadComplete();
    });
    this.checkException();
    return this.#inbound.length > 0;
  }

  /** As {@link writeInbound} with one message, but the burst goes on. */
  writeOneInbound(message: unknown): void {
    this.#ensureOpen();
    this.#operate(() => this.pipeline.fireChannelRead(message));
  }

  /** Ends a burst of {@link writeOneInbound}. */
  flushInbound(): this {
    this.#ensureOpen();
    this.#operate(() => this.pipeline.fireChannelReadComplete());
    this.checkException();
    return this;
  }

  /** Writes messages at the tail and flushes. Returns whether any message has come out at the head. */
  writeOutbound(...messages: readonly unknown[]): boolean {
    this.#ensureOpen();
    this.#operate(() => {
      for (const message of messages) this.#writeRecorded(message);
      this.flush();
    });
    this.checkException();
    return this.#outbound.length > 0;
  }

  writeOneOutbound(message: unknown, promise: ChannelPromise = this.newPromise()): ChannelFuture {
    this.#ensureOpen();
    this.#operate(() => this.write(message, promise));
    return promise;
  }

  flushOutbound(): this {
    this.#ensureOpen();
    this.#operate(() => this.flush());
    this.checkException();
    return this;
  }

  /** Takes the next message that came out at the tail, or undefined. */
  readInbound<T = unknown>(): T | undefined {
    return this.#inbound.shift() as T | undefined;
  }

  /** Takes the next message that came out at the head, or undefined. */
  readOutbound<T = unknown>(): T | undefined {
    return this.#outbound.shift() as T | undefined;
  }

  /** What has come out at the tail and was not taken yet. */
  inboundMessages(): readonly unknown[] {
    return this.#inbound;
  }

  /** What has come out at the head and was not taken yet. */
  outboundMessages(): readonly unknown[] {
    return this.#outbound;
  }

  /** Drops what has come out at the tail; returns whether there was anything. */
  releaseInbound(): boolean {
    const any = this.#inbound.length > 0;
    this.#inbound = [];
    return any;
  }

  /** Drops what has come out at the head; returns whether there was anything. */
  releaseOutbound(): boolean {
    const any = this.#outbound.length > 0;
    this.#outbound = [];
    return any;
  }

  override close(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    if (this.#depth === 0) this.#loop.runTasks();
    this.#operate(() => super.close(promise));
    this.#loop.cancelTimers();
    return promise;
  }

  override disconnect(promise: ChannelPromise = this.newPromise()): ChannelFuture {
    this.#operate(() => super.disconnect(promise));
    if (!this.isOpen) this.#loop.cancelTimers();
    return promise;
  }

  /** The peer has sent its last byte. */
  endInput(): void {
    this.#operate(() => this.unsafe.input.shutdown());
    this.checkException();
  }

  /** Closes the channel. Returns whether anything is left that came out at either end. */
  finish(): boolean {
    this.close();
    this.checkException();
    return this.#inbound.length > 0 || this.#outbound.length > 0;
  }

  /** As {@link finish}, and drops what is left. */
  finishAndReleaseAll(): boolean {
    this.close();
    this.checkException();
    const inbound = this.releaseInbound();
    return this.releaseOutbound() || inbound;
  }

  /** Throws the first error that nobody handled, once. */
  checkException(): void {
    const error = this.#error;
    this.#error = undefined;
    if (error !== undefined) throw error.cause;
  }

  /** Runs queued tasks and timers that are due. */
  runPendingTasks(): void {
    this.#loop.runTasks();
    this.runScheduledPendingTasks();
  }

  /** Runs timers that are due; returns the milliseconds until the next, or -1. */
  runScheduledPendingTasks(): number {
    const msToNext = this.clock.runDue();
    this.#loop.runTasks();
    return msToNext;
  }

  /** Whether a task is queued or a timer due. */
  hasPendingTasks(): boolean {
    return this.#loop.hasTasks || this.clock.msToNext() === 0;
  }

  /** The same as `clock.advance`. Throws when the channel was given a clock. */
  advanceTimeBy(ms: number): void {
    this.#ownClock.advance(ms);
  }

  freezeTime(): void {
    this.#ownClock.freeze();
  }

  unfreezeTime(): void {
    this.#ownClock.unfreeze();
  }

  override doRegister(): void {
    if (this.#state === 'open') this.#state = 'active';
  }

  override doBind(_local: unknown, done: (error?: Error) => void): void {
    done();
  }

  override doConnect(_remote: unknown, _local: unknown, done: (error?: Error) => void): void {
    done();
  }

  override doDisconnect(): void {
    if (!this.hasDisconnect) this.doClose();
  }

  override doClose(): void {
    this.#state = 'closed';
  }

  override doBeginRead(): void {
    this.#isReading = true;
  }

  override doStopRead(): void {
    this.#isReading = false;
  }

  override doWrite(buffer: ChannelOutboundBuffer): void {
    while (buffer.flushedCount > 0) {
      this.handleOutboundMessage(buffer.current());
      buffer.remove();
    }
  }

  override doShutdownOutput(done: (error?: Error) => void): void {
    done();
  }

  /** Told of each message that comes out at the head; keeps it for {@link readOutbound}. */
  protected handleOutboundMessage(message: unknown): void {
    this.#outbound.push(message);
  }

  /** Told of each message that comes out at the tail; keeps it for {@link readInbound}. */
  protected handleInboundMessage(message: unknown): void {
    this.#inbound.push(message);
  }

  protected override newTail(): TailHandler {
    return new EmbeddedTail(
      this,
      (message) => this.handleInboundMessage(message),
      (cause) => this.#record(cause),
    );
  }

  #writeRecorded(message: unknown): void {
    const promise = this.newPromise();
    this.write(message, promise);
    promise.addListener((future) => {
      if (!future.isSuccess) this.#record(future.cause);
    });
  }

  #record(cause: unknown): void {
    if (this.#error === undefined) this.#error = { cause };
    else this.logger.warn({ err: cause }, 'More than one error was not handled; only the first is thrown.');
  }

  // Tasks run when the outermost call ends, so that they see the whole of it.
  #operate<T>(operation: () => T): T {
    this.#depth++;
    try {
      return operation();
    } finally {
      if (--this.#depth === 0) this.#loop.runTasks();
    }
  }

  #ensureOpen(): void {
    if (this.isOpen) return;
    this.checkException();
    throw new ClosedChannelError();
  }

  get #ownClock(): VirtualClock {
    if (this.#settings.clock === undefined) return this.#clock;
    throw new ChannelPipelineError('The channel was given a clock; move the time there.');
  }
}
