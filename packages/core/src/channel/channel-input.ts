import type { AbstractChannel } from './abstract-channel.ts';
import { ChannelInputShutdownEvent, ChannelInputShutdownReadComplete } from './shutdown-events.ts';

/**
 * The receiving side of a channel, behind the head: whether anyone wants bytes, what has come,
 * and the peer's last byte. Only the head and the transports call it.
 */
export class ChannelInput {
  readonly #channel: AbstractChannel;
  #isWanted = false;
  #isShutdown = false;
  #isEndTold = false;

  constructor(channel: AbstractChannel) {
    this.#channel = channel;
  }

  get isShutdown(): boolean {
    return this.#isShutdown;
  }

  /** Asks for one cycle of reading. */
  beginRead(): void {
    this.#isWanted = true;
    if (this.#isShutdown) this.#tellEnd();
    else if (this.#channel.isActive && !this.#channel.areReadsPaused) this.#channel.doBeginRead();
  }

  /** Reads are paused; what was asked for stays asked for. */
  stopRead(): void {
    if (this.#channel.isActive) this.#channel.doStopRead();
  }

  /** `autoRead` was turned off: nobody asks for bytes any more. */
  clearRead(): void {
    this.#isWanted = false;
    this.stopRead();
  }

  resumeRead(): void {
    if (this.#isWanted && this.#channel.isActive && !this.#isShutdown) this.#channel.doBeginRead();
  }

  /** The transport has read bytes or accepted a channel: one event for it, and one for the end of the burst. */
  fireRead(message: unknown): void {
    const { pipeline } = this.#channel;
    this.#isWanted = false;
    pipeline.fireChannelRead(message);
    pipeline.fireChannelReadComplete();
    if (!this.#isWanted && this.#channel.isActive) this.#channel.doStopRead();
  }

  /** The peer has sent its last byte. */
  shutdown(): void {
    if (this.#isShutdown) return;
    this.#isShutdown = true;
    if (this.#channel.config.allowHalfClosure) {
      this.#channel.pipeline.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
    } else this.#channel.unsafe.output.closeWhenSent();
  }

  // Once for each channel: whoever still asks for bytes is told that there will be none.
  #tellEnd(): void {
    if (this.#isEndTold || !this.#channel.config.allowHalfClosure) return;
    this.#isEndTold = true;
    const { eventLoop, pipeline } = this.#channel;
    eventLoop.execute(() => pipeline.fireUserEventTriggered(ChannelInputShutdownReadComplete.INSTANCE));
  }
}
