import { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import {
  AlreadyConnectedError,
  ChannelPipelineError,
  ClosedChannelError,
  ConnectionPendingError,
} from '../errors.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import { ChannelInput } from './channel-input.ts';
import { ChannelOutput } from './channel-output.ts';
import { ConnectOperation } from './connect-operation.ts';
import type { SocketAddress } from './socket-address.ts';

/**
 * The operations behind the head of a pipeline: what happens, in which order, when a channel
 * is registered, bound, connected and closed. Only the head and the transports call it.
 */
export class ChannelUnsafe {
  readonly #channel: AbstractChannel;
  readonly input: ChannelInput;
  readonly output: ChannelOutput;
  /** Behind the channel's `closeFuture`; completed here and nowhere else. */
  readonly closePromise: ChannelPromise;
  #eventLoop: EventLoop | undefined = undefined;
  #isRegistered = false;
  #wasRegistered = false;
  #closeInitiated = false;
  #closedError: ClosedChannelError | undefined = undefined;
  #bindPromise: ChannelPromise | undefined = undefined;
  #connect: ConnectOperation | undefined = undefined;

  constructor(channel: AbstractChannel) {
    this.#channel = channel;
    this.input = new ChannelInput(channel);
    this.output = new ChannelOutput(channel);
    this.closePromise = new ChannelPromise(channel);
    this.closePromise.setUncancellable();
  }

  /** The loop the channel is registered to, or was last. */
  get eventLoop(): EventLoop | undefined {
    return this.#eventLoop;
  }

  get isRegistered(): boolean {
    return this.#isRegistered;
  }

  register(eventLoop: EventLoop, promise: ChannelPromise): void {
    if (!promise.setUncancellable() || !this.#ensureOpen(promise)) return;
    if (this.#isRegistered) {
      promise.tryFailure(new ChannelPipelineError('The channel is registered to an event loop already.'));
      return;
    }
    this.#eventLoop = eventLoop;
    try {
      this.#channel.doRegister();
    } catch (cause) {
      this.closeForcibly(cause);
      promise.tryFailure(cause);
      return;
    }
    this.#registered(promise);
  }

  #registered(promise: ChannelPromise): void {
    const { pipeline } = this.#channel;
    const first = !this.#wasRegistered;
    this.#wasRegistered = true;
    this.#isRegistered = true;
    pipeline.callPendingHandlerAdded();
    promise.trySuccess();
    pipeline.fireChannelRegistered();
    if (!this.#channel.isActive) return;
    if (first) pipeline.fireChannelActive();
    else if (this.#channel.config.autoRead) this.input.beginRead();
  }

  bind(local: SocketAddress, promise: ChannelPromise): void {
    if (!promise.setUncancellable() || !this.#ensureUsable(promise)) return;
    const wasActive = this.#channel.isActive;
    this.#bindPromise = promise;
    try {
      this.#channel.doBind(local, (error) => {
        if (error) this.#bindFailed(promise, error);
        else this.#bound(promise, wasActive);
      });
    } catch (cause) {
      this.#bindFailed(promise, cause);
    }
  }

  #bound(promise: ChannelPromise, wasActive: boolean): void {
    if (!wasActive && this.#channel.isActive) this.#later(() => this.#channel.pipeline.fireChannelActive());
    promise.trySuccess();
  }

  #bindFailed(promise: ChannelPromise, cause: unknown): void {
    promise.tryFailure(cause);
    this.#closeIfClosed();
  }

  connect(remote: SocketAddress, local: SocketAddress | undefined, promise: ChannelPromise): void {
    if (promise.isDone || !this.#ensureUsable(promise)) return;
    if (this.#connect?.isDone === false) promise.tryFailure(new ConnectionPendingError());
    else if (this.#channel.isActive) promise.tryFailure(new AlreadyConnectedError());
    else {
      this.#connect = new ConnectOperation(this.#channel, remote, promise);
      this.#connect.start(local);
    }
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
  close(promise: ChannelPromise, cause?: unknown): void {
    if (!promise.setUncancellable()) return;
    this.output.flushDeferred();
    if (this.#closeInitiated) {
      this.closePromise.addListener(() => promise.trySuccess());
      return;
    }
    const wasActive = this.#channel.isActive;
    this.#closeNow(cause, promise);
    this.#later(() => this.#fireInactiveAndDeregister(wasActive));
  }

  /** Closes without any event: for a channel that could not be registered. */
  closeForcibly(cause?: unknown): void {
    if (this.#closeInitiated) return;
    this.#closeNow(cause, this.#channel.newPromise());
    this.#channel.pipeline.destroy();
  }

  #closeNow(cause: unknown, promise: ChannelPromise): void {
    this.#closeInitiated = true;
    const closed = ClosedChannelError.of(cause);
    this.#closedError = closed;
    const unsent = this.output.close(closed);
    const failure = this.#doClose();
    this.#connect?.abort(cause ?? closed);
    this.#bindPromise?.tryFailure(cause ?? closed);
    this.closePromise.trySuccess();
    if (failure === undefined) promise.trySuccess();
    else promise.tryFailure(failure.cause);
    unsent?.close(cause ?? closed, closed);
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
    const { pipeline } = this.#channel;
    if (wasActive && !this.#channel.isActive) pipeline.fireChannelInactive();
    if (this.#isRegistered) this.#deregisterNow();
    else pipeline.destroy();
  }

  deregister(promise: ChannelPromise): void {
    if (!promise.setUncancellable()) return;
    this.#later(() => {
      if (this.#isRegistered) this.#deregisterNow();
      promise.trySuccess();
    });
  }

  #deregisterNow(): void {
    this.#channel.doDeregister();
    this.#isRegistered = false;
    this.#channel.pipeline.fireChannelUnregistered();
  }

  #ensureOpen(promise: ChannelPromise): boolean {
    if (this.#channel.isOpen && !this.#closeInitiated) return true;
    promise.tryFailure(this.#closedError ?? ClosedChannelError.of(undefined));
    return false;
  }

  #ensureUsable(promise: ChannelPromise): boolean {
    if (!this.#ensureOpen(promise)) return false;
    if (this.#isRegistered) return true;
    promise.tryFailure(new ChannelPipelineError('The channel is not registered to an event loop.'));
    return false;
  }

  #closeIfClosed(): void {
    if (!this.#channel.isOpen) this.close(this.#channel.newPromise());
  }

  #later(task: () => void): void {
    // A channel that was never registered has no loop, and nobody who could be surprised.
    if (this.#eventLoop === undefined) task();
    else this.#eventLoop.execute(task);
  }
}
