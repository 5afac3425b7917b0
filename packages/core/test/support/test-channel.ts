import { AbstractChannel, EmbeddedEventLoop, silentLogger, VirtualClock } from '@sluice/core';
import type { ChannelHandler, ChannelOutboundBuffer, ChannelSettings, SocketAddress } from '@sluice/core';
import type { Recorder } from './recorder.ts';

type Done = (error?: Error) => void;

/**
 * A channel whose transport the test plays: it says when a connect is through, how many bytes
 * may be sent, and sees what arrives. Tasks run when the test turns `loop`.
 */
export class TestChannel extends AbstractChannel {
  readonly testClock = new VirtualClock();
  readonly loop = new EmbeddedEventLoop(this.testClock, silentLogger);
  readonly sent: unknown[] = [];
  /** Bytes, or messages that are not bytes, that the transport will still take. */
  capacity = Infinity;
  failWrites: Error | undefined = undefined;
  failRegister: Error | undefined = undefined;
  failClose: Error | undefined = undefined;
  reads = 0;
  state: 'open' | 'active' | 'closed' = 'open';
  finishConnect: Done = () => {};
  finishBind: Done = () => {};
  finishShutdown: Done = () => {};
  local: SocketAddress | undefined = undefined;
  remote: SocketAddress | undefined = undefined;

  constructor(settings: ChannelSettings = {}) {
    super({ logger: silentLogger, ...settings });
  }

  /** Registered but not active, with recorders that have seen nothing yet. */
  static registered(...handlers: readonly Recorder[]): TestChannel {
    const channel = new TestChannel();
    channel.pipeline.addHandlersLast(...handlers);
    channel.register(channel.loop);
    for (const { log } of handlers) log.length = 0;
    return channel;
  }

  /** Registered and active, with these handlers. */
  static active(...handlers: readonly ChannelHandler[]): TestChannel {
    const channel = new TestChannel();
    channel.state = 'active';
    channel.pipeline.addHandlersLast(...handlers);
    channel.register(channel.loop);
    channel.loop.runTasks();
    return channel;
  }

  get isOpen(): boolean {
    return this.state !== 'closed';
  }

  get isActive(): boolean {
    return this.state === 'active';
  }

  get localAddress(): SocketAddress | undefined {
    return this.local;
  }

  get remoteAddress(): SocketAddress | undefined {
    return this.remote;
  }

  override doRegister(): void {
    if (this.failRegister) throw this.failRegister;
  }

  override doBind(local: SocketAddress, done: Done): void {
    this.finishBind = (error) => {
      this.state = error ? this.state : 'active';
      this.local = local;
      done(error);
    };
  }

  override doConnect(remote: SocketAddress, _local: SocketAddress | undefined, done: Done): void {
    this.finishConnect = (error) => {
      if (error === undefined && this.isOpen) this.state = 'active';
      this.remote = remote;
      done(error);
    };
  }

  override doClose(): void {
    this.state = 'closed';
    if (this.failClose) throw this.failClose;
  }

  override doBeginRead(): void {
    this.reads++;
  }

  override doStopRead(): void {}

  override doWrite(buffer: ChannelOutboundBuffer): void {
    if (this.failWrites) throw this.failWrites;
    while (buffer.flushedCount > 0 && this.capacity > 0) {
      const message = buffer.current();
      if (message instanceof Uint8Array) this.#sendBytes(buffer, message);
      else this.#sendMessage(buffer, message);
    }
  }

  override doShutdownOutput(done: Done): void {
    this.finishShutdown = done;
  }

  /** The transport can take so much more, and goes on. */
  drain(capacity: number): void {
    this.capacity = capacity;
    this.unsafe.output.flushNow();
  }

  #sendBytes(buffer: ChannelOutboundBuffer, message: Uint8Array): void {
    const left = message.byteLength - buffer.currentProgress;
    const bytes = Math.min(left, this.capacity);
    this.capacity -= Math.max(bytes, 1);
    if (bytes === left) this.sent.push(String(message));
    buffer.removeBytes(bytes);
  }

  #sendMessage(buffer: ChannelOutboundBuffer, message: unknown): void {
    this.capacity--;
    this.sent.push(message);
    buffer.remove();
  }
}
