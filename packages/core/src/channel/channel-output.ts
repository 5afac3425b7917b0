import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import { ChannelOutputShutdownError, ClosedChannelError, NotYetConnectedError } from '../errors.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import { ChannelOutboundBuffer } from './channel-outbound-buffer.ts';
import { ChannelOutputShutdownEvent } from './shutdown-events.ts';

/**
 * The sending side of a channel, behind the head: writes wait here for a flush, flushed ones for
 * the transport. Only the head and the transports call it.
 */
export class ChannelOutput {
  readonly #channel: AbstractChannel;
  #buffer: ChannelOutboundBuffer | undefined;
  // What later writes fail with, once they do.
  #error: Error | undefined = undefined;
  #inFlush = false;
  #isDeferred = false;
  #closesWhenSent = false;
  #shutdownPromise: ChannelPromise | undefined = undefined;
  #isEnding = false;
  #sendCount = 0;

  constructor(channel: AbstractChannel) {
    this.#channel = channel;
    this.#buffer = new ChannelOutboundBuffer(channel);
  }

  /** Undefined once the channel is closed: every later write fails. */
  get buffer(): ChannelOutboundBuffer | undefined {
    return this.#buffer;
  }

  /** Whether writes are taken: the channel is neither closed nor its output shut down. */
  get isOpen(): boolean {
    return this.#error === undefined;
  }

  /** Throws when the transport can't send such a message. */
  write(message: unknown, promise: ChannelPromise | undefined): void {
    if (this.#error !== undefined) {
      promise?.tryFailure(this.#error);
      return;
    }
    this.#channel.filterOutboundMessage(message);
    this.#buffer?.addMessage(message, promise);
  }

  flush(): void {
    if (this.#buffer === undefined) return;
    this.#buffer.addFlush();
    this.#isDeferred = this.#channel.defersFlush(this.#buffer);
    if (!this.#isDeferred) this.flushNow();
  }

  /** Sends what the transport would send later, because something else is about to happen. */
  flushDeferred(): void {
    if (this.#isDeferred) this.flushNow();
  }

  /** What the transport would send later waits for another flush. */
  cancelFlush(): void {
    this.#isDeferred = false;
  }

  /** Sends what was flushed; the transport calls it again when it can take more. */
  flushNow(): void {
    const buffer = this.#buffer;
    // A flush inside a flush: the one under way sees what was added.
    if (this.#inFlush || buffer === undefined) return;
    this.#isDeferred = false;
    if (buffer.flushedCount > 0) this.#send(buffer);
    if (this.#closesWhenSent || this.#shutdownPromise !== undefined) this.#endIfSent();
  }

  /** How often what was flushed has been handed to the transport. */
  get sendCount(): number {
    return this.#sendCount;
  }

  #send(buffer: ChannelOutboundBuffer): void {
    this.#inFlush = true;
    try {
      if (this.#channel.isActive) {
        this.#sendCount++;
        this.#channel.doWrite(buffer);
      } else buffer.failFlushed(new NotYetConnectedError());
    } catch (cause) {
      this.failed(cause);
    } finally {
      this.#inFlush = false;
    }
  }

  /** The transport could not send: the channel closes, or with `autoClose` off only its output. */
  failed(cause: unknown): void {
    if (this.#channel.config.autoClose) {
      this.#channel.unsafe.close(this.#channel.newPromise(), cause);
    } else if (this.#shutdownPromise === undefined) {
      this.#shutdownPromise = this.#channel.newPromise();
      this.#error = ChannelOutputShutdownError.of(cause);
      this.#buffer?.close(cause, this.#error);
      this.#endIfSent();
    }
  }

  /** Takes no more writes, sends what was flushed, then ends the sending direction. */
  shutdown(promise: ChannelPromise): void {
    if (!promise.setUncancellable()) return;
    if (this.#buffer === undefined) promise.tryFailure(this.#error);
    else if (this.#shutdownPromise !== undefined) follow(this.#shutdownPromise, promise);
    else if (!this.#channel.isActive) promise.tryFailure(new NotYetConnectedError());
    else {
      this.#shutdownPromise = promise;
      this.#error = ChannelOutputShutdownError.of(undefined);
      this.#buffer.failUnflushed(this.#error);
      this.#endIfSent();
    }
  }

  /** The peer has sent its last byte: closes the channel as soon as what was flushed is sent. */
  closeWhenSent(): void {
    this.#closesWhenSent = true;
    this.#endIfSent();
  }

  /** The channel closes: takes no more writes. Returns what waits, for the caller to fail when it is time. */
  close(error: ClosedChannelError): ChannelOutboundBuffer | undefined {
    const buffer = this.#buffer;
    this.#buffer = undefined;
    this.#error = error;
    this.#shutdownPromise?.tryFailure(error);
    return buffer;
  }

  #endIfSent(): void {
    if (this.#buffer?.flushedCount !== 0) return;
    if (this.#closesWhenSent) this.#channel.unsafe.close(this.#channel.newPromise());
    else if (this.#shutdownPromise !== undefined) this.#endOutput(this.#shutdownPromise);
  }

  #endOutput(promise: ChannelPromise): void {
    if (this.#isEnding) return;
    this.#isEnding = true;
    this.#channel.doShutdownOutput((error) => {
      if (error) promise.tryFailure(error);
      else promise.trySuccess();
      if (!this.#channel.isOpen) return;
      this.#channel.pipeline.fireUserEventTriggered(ChannelOutputShutdownEvent.INSTANCE);
    });
  }
}

function follow(first: ChannelPromise, second: ChannelPromise): void {
  first.addListener(({ isSuccess, cause }) => {
    if (isSuccess) second.trySuccess();
    else second.tryFailure(cause);
  });
}
