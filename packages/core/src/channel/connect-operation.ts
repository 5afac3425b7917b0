import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { Timer } from '../concurrent/clock.ts';
import { ConnectTimeoutError } from '../errors.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import { formatAddress } from './socket-address.ts';
import type { SocketAddress } from './socket-address.ts';

/** One attempt of a channel to connect: its promise, its deadline, and what each outcome leads to. */
export class ConnectOperation {
  readonly #channel: AbstractChannel;
  readonly #remote: SocketAddress;
  readonly #promise: ChannelPromise;
  #timer: Timer | undefined = undefined;
  #isDone = false;

  constructor(channel: AbstractChannel, remote: SocketAddress, promise: ChannelPromise) {
    this.#channel = channel;
    this.#remote = remote;
    this.#promise = promise;
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  start(local: SocketAddress | undefined): void {
    this.#startTimer();
    this.#promise.addListener((future) => {
      if (future.isCancelled) this.#close();
    });
    try {
      this.#channel.doConnect(this.#remote, local, (error) => {
        if (error) this.#failed(error);
        else this.#connected();
      });
    } catch (cause) {
      this.#failed(cause);
    }
  }

  /** The channel is being closed: nothing comes of it. */
  abort(cause: unknown): void {
    if (this.#end()) this.#promise.tryFailure(cause);
  }

  #startTimer(): void {
    const timeoutMs = this.#channel.config.connectTimeoutMs;
    if (timeoutMs === 0) return;
    this.#timer = this.#channel.eventLoop.schedule(timeoutMs, () => {
      this.#failed(new ConnectTimeoutError(timeoutMs, formatAddress(this.#remote)));
    });
  }

  #connected(): void {
    if (!this.#end()) return;
    // A listener of the promise may close the channel: its handlers are told of the beginning all the same.
    const { isActive } = this.#channel;
    const isWanted = this.#promise.trySuccess() || this.#promise.isSuccess;
    if (isActive) this.#channel.pipeline.fireChannelActive();
    if (!isWanted) this.#close();
  }

  #failed(cause: unknown): void {
    if (!this.#end()) return;
    if (cause instanceof Error) nameAddress(cause, formatAddress(this.#remote));
    this.#promise.tryFailure(cause);
    this.#close(cause);
  }

  // Returns whether this was the first end.
  #end(): boolean {
    if (this.#isDone) return false;
    this.#isDone = true;
    this.#timer?.cancel();
    return true;
  }

  #close(cause?: unknown): void {
    this.#channel.unsafe.close(this.#channel.newPromise(), cause);
  }
}

// Some errors of Node.js name the address, those of a name with several addresses not even the reason.
function nameAddress(error: Error & { code?: string }, address: string): void {
  if (error.message.includes(address)) return;
  error.message = `${error.message || (error.code ?? 'connect failed')}: ${address}`;
}
