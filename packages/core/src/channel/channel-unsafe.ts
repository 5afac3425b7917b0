import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { Timer } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import {
  AlreadyConnectedError,
  ChannelOutputShutdownError,
  ChannelPipelineError,
  ClosedChannelError,
  ConnectionPendingError,
  ConnectTimeoutError,
  NotYetConnectedError,
} from '../errors.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import { ChannelOutboundBuffer } from './channel-outbound-buffer.ts';
import {
  ChannelInputShutdownEvent,
  ChannelInputShutdownReadComplete,
  ChannelOutputShutdownEvent,
} from './shutdown-events.ts';
import { formatAddress } from './socket-address.ts';
import type { SocketAddress } from './socket-address.ts';

/**
 * The operations behind the head of a pipeline: what happens, in which order, when a channel
 * is registered, connected, written to and closed. Only the head and the transports call it.
 */
export class ChannelUnsafe {
  readonly #channel: AbstractChannel;
  eventLoop: EventLoop | undefined = undefined;
  isRegistered = false;
  /** Undefined once the channel is closed: every later write fails. */
  outboundBuffer: ChannelOutboundBuffer | undefined;
  #neverRegistered = true;
  #closeInitiated = false;
  #closeCause: unknown = undefined;
  #inFlush = false;
  #connectPromise: ChannelPromise | undefined = undefined;
  #connectTimer: Timer | undefined = undefined;
  #readWanted = false;
  #inputShutdown = false;
  #readAfterShutdownSeen = false;
  #isOutputShutdown = false;
  #outputShutdownPromise: ChannelPromise | undefined = undefined;

  constructor(channel: AbstractChannel) {
    this.#channel = channel;
    this.outboundBuffer = new ChannelOutboundBuffer(channel);
  }

  register(eventLoop: EventLoop, promise: ChannelPromise): void {
    if (this.isRegistered) {
      promise.setFailure(new ChannelPipelineError('The channel is registered to an event loop already.'));
      return;
    }
    this.eventLoop = eventLoop;
    const first = this.#neverRegistered;
    try {
      this.#channel.doRegister();
      this.#neverRegistered = false;
      this.isRegistered = true;
    } catch (cause) {
      this.closeForcibly();
      promise.tryFailure(cause);
      return;
    }
    const { pipeline } = this.#channel;
    pipeline.callPendingHandlerAdded();
    promise.trySuccess();
    pipeline.fireChannelRegistered();
    if (!this.#channel.isActive) return;
    if (first) pipeline.fireChannelActive();
    else if (this.#channel.config.autoRead) this.beginRead();
  }

  bind(local: SocketAddress, promise: ChannelPromise): void {
    if (!promise.setUncancellable() || !this.#ensureOpen(promise)) return;
    const wasActive = this.#channel.isActive;
    this.#channel.doBind(local, (error) => {
      if (error) {
        promise.tryFailure(error);
        this.#closeIfClosed();
        return;
      }
      if (!wasActive && this.#channel.isActive) this.#later(() => this.#channel.pipeline.fireChannelActive());
      promise.trySuccess();
    });
  }

  connect(remote: SocketAddress, local: SocketAddress | undefined, promise: ChannelPromise): void {
    if (!this.#ensureOpen(promise)) return;
    if (this.#connectPromise !== undefined) {
      promise.tryFailure(new ConnectionPendingError());
      return;
    }
    if (this.#channel.isActive) {
      promise.tryFailure(new AlreadyConnectedError());
      return;
    }
    this.#connectPromise = promise;
    this.#startConnectTimer(remote, promise);
    promise.addListener((future) => {
      if (future.isCancelled) this.close(this.#channel.newPromise());
    });
    this.#channel.doConnect(remote, local, (error) => this.#connected(remote, promise, error));
  }

  #startConnectTimer(remote: SocketAddress, promise: ChannelPromise): void {
    const timeoutMs = this.#channel.config.connectTimeoutMs;
    if (timeoutMs === 0) return;
    this.#connectTimer = this.#channel.eventLoop.schedule(timeoutMs, () => {
      const error = new ConnectTimeoutError(timeoutMs, formatAddress(remote));
      if (promise.tryFailure(error)) this.close(this.#channel.newPromise(), error);
    });
  }

  #connected(remote: SocketAddress, promise: ChannelPromise, error?: Error): void {
    this.#endConnect();
    if (error) {
      const address = formatAddress(remote);
      if (!error.message.includes(address)) error.message += `: ${address}`;
      promise.tryFailure(error);
      this.close(this.#channel.newPromise(), error);
      return;
    }
    const accepted = promise.trySuccess() || promise.isSuccess;
    if (this.#channel.isActive) this.#channel.pipeline.fireChannelActive();
    if (!accepted) this.close(this.#channel.newPromise());
  }

  #endConnect(): void {
    this.#connectTimer?.cancel();
    this.#connectTimer = undefined;
    this.#connectPromise = undefined;
  }

  disconnect(promise: ChannelPromise): void {
    if (!promise.setUncancellable()) return;
    const wasActive = this.#channel.isActive;
    try {
      this.#channel.doDisconnect();
    } catch (cause) {
      promise.tryFailure(cause);
      this.#closeIfClosed();
      return;
    }
    if (wasActive && !this.#channel.isActive) {
      this.#later(() => this.#channel.pipeline.fireChannelInactive());
    }
    promise.trySuccess();
    this.#closeIfClosed();
  }

  /**
   * Closes the channel: the socket, the close future, the promise, the writes that wait, and in
   * a later task, so that no inbound method runs inside an outbound call, channelInactive,
   * channelUnregistered and the removal of the handlers.
   */
  close(promise: ChannelPromise, cause: unknown = new ClosedChannelError()): void {
    if (!promise.setUncancellable()) return;
    if (this.#closeInitiated) {
      this.#channel.closeFuture.addListener(() => promise.trySuccess());
      return;
    }
    this.#closeInitiated = true;
    this.#closeCause = cause;
    const wasActive = this.#channel.isActive;
    const buffer = this.outboundBuffer;
    this.outboundBuffer = undefined;
    const failure = this.#doClose();
    this.#connectPromise?.tryFailure(cause);
    this.#endConnect();
    this.#channel.closeFuture.trySuccess();
    if (failure === undefined) promise.trySuccess();
    else promise.tryFailure(failure.cause);
    buffer?.close(cause, this.#closedError());
    this.#later(() => this.#fireInactiveAndDeregister(wasActive));
  }

  /** Closes without any event: for a channel that was never registered. */
  closeForcibly(): void {
    this.#closeInitiated = true;
    this.outboundBuffer = undefined;
    this.#doClose();
    this.#channel.closeFuture.trySuccess();
  }

  #doClose(): { cause: unknown } | undefined {
    try {
      this.#channel.doClose();
      return undefined;
    } catch (cause) {
      return { cause };
    }
  }

  #fireInactiveAndDeregister(wasActive: boolean): void {
    if (wasActive && !this.#channel.isActive) this.#channel.pipeline.fireChannelInactive();
    this.#deregisterNow();
  }

  deregister(promise: ChannelPromise): void {
    if (!promise.setUncancellable()) return;
    this.#later(() => {
      this.#deregisterNow();
      promise.trySuccess();
    });
  }

  #deregisterNow(): void {
    if (!this.isRegistered) return;
    this.#channel.doDeregister();
    this.isRegistered = false;
    this.#channel.pipeline.fireChannelUnregistered();
  }

  beginRead(): void {
    this.#readWanted = true;
    if (this.#inputShutdown) this.#readAfterShutdown();
    else if (this.#channel.isActive && !this.#channel.areReadsPaused) this.#channel.doBeginRead();
  }

  stopRead(): void {
    if (this.#channel.isActive) this.#channel.doStopRead();
  }

  /** `autoRead` was turned off: nobody asks for bytes any more. */
  clearRead(): void {
    this.#readWanted = false;
    this.stopRead();
  }

  resumeRead(): void {
    if (this.#readWanted && this.#channel.isActive && !this.#inputShutdown) this.#channel.doBeginRead();
  }

  /** A transport has read bytes or accepted a channel: one event for it, and one for the end of the burst. */
  fireRead(message: unknown): void {
    const { pipeline } = this.#channel;
    this.#readWanted = false;
    pipeline.fireChannelRead(message);
    pipeline.fireChannelReadComplete();
    if (!this.#readWanted && this.#channel.isActive) this.#channel.doStopRead();
  }

  /** The peer has sent its last byte. */
  shutdownInput(): void {
    if (this.#inputShutdown) return;
    this.#inputShutdown = true;
    if (!this.#channel.config.allowHalfClosure) {
      this.close(this.#channel.newPromise());
      return;
    }
    this.#channel.pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
  }

  // Once for each channel: whoever still asks for bytes is told that there will be none.
  #readAfterShutdown(): void {
    if (this.#readAfterShutdownSeen) return;
    this.#readAfterShutdownSeen = true;
    this.#later(() =>
      this.#channel.pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE),
    );
  }

  write(message: unknown, promise: ChannelPromise | undefined): void {
    if (this.isOutputOpen) this.outboundBuffer?.addMessage(message, promise);
    else promise?.tryFailure(this.#closedError());
  }

  flush(): void {
    if (this.outboundBuffer === undefined) return;
    this.outboundBuffer.addFlush();
    this.flushNow();
  }

  /** Sends what was flushed; the transport calls it again when it can take more. */
  flushNow(): void {
    const buffer = this.outboundBuffer;
    if (this.#inFlush || buffer === undefined || buffer.flushedCount === 0) return;
    this.#inFlush = true;
    try {
      if (this.#channel.isActive) this.#channel.doWrite(buffer);
      else if (this.#channel.isOpen) buffer.failFlushed(new NotYetConnectedError());
      else buffer.failFlushed(this.#closedError());
    } catch (cause) {
      this.writeFailed(cause);
    } finally {
      this.#inFlush = false;
    }
  }

  /** A transport could not send. */
  writeFailed(cause: unknown): void {
    if (this.#channel.config.autoClose) this.close(this.#channel.newPromise(), cause);
    else this.#failOutput(cause);
  }

  /** Whether the channel takes writes: neither closed nor with its output shut down. */
  get isOutputOpen(): boolean {
    return this.outboundBuffer !== undefined && !this.#isOutputShutdown;
  }

  /** Takes no more writes, sends what was flushed, then ends the sending direction. */
  shutdownOutput(promise: ChannelPromise): void {
    if (!promise.setUncancellable()) return;
    const buffer = this.outboundBuffer;
    if (buffer === undefined) promise.tryFailure(this.#closedError());
    else if (this.#isOutputShutdown) this.#outputShutdownPromise?.addListener(() => promise.trySuccess());
    else {
      this.#isOutputShutdown = true;
      this.#outputShutdownPromise = promise;
      this.#closeCause = new ChannelOutputShutdownError();
      buffer.failUnflushed(this.#closeCause);
      this.endOutputWhenSent();
    }
  }

  // A write failed and the channel shall stay open: what waits can't be sent either.
  #failOutput(cause: unknown): void {
    this.#isOutputShutdown = true;
    this.#outputShutdownPromise = this.#channel.newPromise();
    this.#closeCause = new ChannelOutputShutdownError({ cause });
    this.outboundBuffer?.close(this.#closeCause, this.#closeCause);
    this.endOutputWhenSent();
  }

  /** The transport has sent something: if it was the last of a shut down output, ends the direction. */
  endOutputWhenSent(): void {
    const promise = this.#outputShutdownPromise;
    if (promise === undefined || promise.isDone || this.outboundBuffer?.flushedCount !== 0) return;
    this.#channel.doShutdownOutput((error) => {
      if (error) promise.tryFailure(error);
      else promise.trySuccess();
    });
    this.#channel.pipeline.fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
  }

  #ensureOpen(promise: ChannelPromise): boolean {
    if (this.#channel.isOpen) return true;
    promise.tryFailure(this.#closedError());
    return false;
  }

  #closeIfClosed(): void {
    if (!this.#channel.isOpen) this.close(this.#channel.newPromise());
  }

  #closedError(): Error {
    const cause = this.#closeCause;
    if (cause instanceof ClosedChannelError || cause instanceof ChannelOutputShutdownError) return cause;
    return new ClosedChannelError({ cause });
  }

  #later(task: () => void): void {
    // A channel that was never registered has no loop, and nobody who could be surprised.
    if (this.eventLoop === undefined) task();
    else this.eventLoop.execute(task);
  }
}
