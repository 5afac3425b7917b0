import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { Channel } from './channel.ts';

// What a queued message costs beyond its bytes, so that many empty ones count too.
const ENTRY_OVERHEAD = 96;
const UNKNOWN_SIZE = 8;
const WATER_MARK_BIT = 1;

/**
 * The messages that wait to be sent, oldest first: those flushed, then those only written.
 *
 * It is the one source of truth for whether the channel is writable: unwritable above the
 * high water mark, writable again below the low one, and never while a user-defined bit is set.
 */
export class ChannelOutboundBuffer {
  readonly #channel: Channel;
  // Three arrays rather than one of entries: no object for each message.
  #messages: unknown[] = [];
  #sizes: number[] = [];
  #promises: (ChannelPromise | undefined)[] = [];
  #first = 0;
  #flushedEnd = 0;
  #pendingBytes = 0;
  #progress = 0;
  #unwritable = 0;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Messages that were flushed and are not sent yet. */
  get flushedCount(): number {
    return this.#flushedEnd - this.#first;
  }

  get isEmpty(): boolean {
    return this.#first === this.#messages.length;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  get isWritable(): boolean {
    return this.#unwritable === 0;
  }

  get bytesBeforeUnwritable(): number {
    const bytes = this.#channel.config.writeBufferWaterMark.high - this.#pendingBytes + 1;
    return bytes > 0 && this.isWritable ? bytes : 0;
  }

  get bytesBeforeWritable(): number {
    const bytes = this.#pendingBytes - this.#channel.config.writeBufferWaterMark.low + 1;
    return bytes > 0 && !this.isWritable ? bytes : 0;
  }

  addMessage(message: unknown, promise: ChannelPromise | undefined): void {
    const size = sizeOf(message) + ENTRY_OVERHEAD;
    this.#messages.push(message);
    this.#sizes.push(size);
    this.#promises.push(promise);
    this.incrementPendingBytes(size);
  }

  /** Marks everything written so far as to be sent; what was cancelled meanwhile is dropped. */
  addFlush(): void {
    let kept = this.#flushedEnd;
    for (let at = this.#flushedEnd; at < this.#messages.length; at++) {
      if (this.#promises[at]?.setUncancellable() === false) {
        this.decrementPendingBytes(this.#sizes[at] ?? 0);
        continue;
      }
      this.#messages[kept] = this.#messages[at];
      this.#sizes[kept] = this.#sizes[at] ?? 0;
      this.#promises[kept] = this.#promises[at];
      kept++;
    }
    this.#truncate(kept);
    this.#flushedEnd = kept;
  }

  /** A flushed message; 0 is the oldest. */
  flushed(index: number): unknown {
    return this.#messages[this.#first + index];
  }

  /** The oldest flushed message, or undefined. */
  current(): unknown {
    return this.#first < this.#flushedEnd ? this.#messages[this.#first] : undefined;
  }

  /** The oldest flushed message was sent. Returns false when there is none. */
  remove(): boolean {
    if (this.#first === this.#flushedEnd) return false;
    const size = this.#sizes[this.#first] ?? 0;
    const promise = this.#take();
    promise?.trySuccess();
    this.decrementPendingBytes(size);
    return true;
  }

  /** The oldest flushed message can't be sent. */
  removeFailed(cause: unknown): boolean {
    if (this.#first === this.#flushedEnd) return false;
    const size = this.#sizes[this.#first] ?? 0;
    const promise = this.#take();
    promise?.tryFailure(cause);
    this.decrementPendingBytes(size);
    return true;
  }

  /** So many bytes of the flushed messages were sent; a message is done with its last byte. */
  removeBytes(bytes: number): void {
    let left = bytes + this.#progress;
    while (this.#first < this.#flushedEnd) {
      const length = sizeOf(this.#messages[this.#first]);
      if (left < length || (left === 0 && length > 0)) break;
      left -= length;
      this.#progress = 0;
      this.remove();
    }
    this.#progress = left;
  }

  /** Bytes of the oldest message that were sent already. */
  get currentProgress(): number {
    return this.#progress;
  }

  failFlushed(cause: unknown): void {
    while (this.removeFailed(cause));
  }

  /** Fails what was written and never flushed. */
  failUnflushed(cause: unknown): void {
    while (this.#messages.length > this.#flushedEnd) {
      this.#messages.pop();
      const size = this.#sizes.pop() ?? 0;
      this.#promises.pop()?.tryFailure(cause);
      this.decrementPendingBytes(size);
    }
  }

  /** Fails everything: the channel is closed. */
  close(cause: unknown, unflushedCause: unknown): void {
    this.failFlushed(cause);
    this.#flushedEnd = this.#messages.length;
    this.failFlushed(unflushedCause);
  }

  /** Counts bytes that a handler holds back for this channel as waiting to be sent. */
  incrementPendingBytes(size: number): void {
    this.#pendingBytes += size;
    if (this.#pendingBytes > this.#channel.config.writeBufferWaterMark.high) {
      this.#setUnwritable(this.#unwritable | WATER_MARK_BIT, false);
    }
  }

  decrementPendingBytes(size: number): void {
    this.#pendingBytes -= size;
    if (this.#pendingBytes < this.#channel.config.writeBufferWaterMark.low) {
      this.#setUnwritable(this.#unwritable & ~WATER_MARK_BIT, false);
    }
  }

  getUserDefinedWritability(index: number): boolean {
    return (this.#unwritable & userBit(index)) === 0;
  }

  setUserDefinedWritability(index: number, writable: boolean): void {
    const bit = userBit(index);
    this.#setUnwritable(writable ? this.#unwritable & ~bit : this.#unwritable | bit, true);
  }

  #setUnwritable(word: number, later: boolean): void {
    const was = this.#unwritable;
    this.#unwritable = word;
    if ((was === 0) === (word === 0)) return;
    const { pipeline } = this.#channel;
    if (later) this.#channel.eventLoop.execute(() => pipeline.fireChannelWritabilityChanged());
    else pipeline.fireChannelWritabilityChanged();
  }

  #take(): ChannelPromise | undefined {
    const promise = this.#promises[this.#first];
    this.#messages[this.#first] = undefined;
    this.#promises[this.#first] = undefined;
    this.#first++;
    this.#progress = 0;
    if (this.#first === this.#messages.length) {
      this.#truncate(0);
      this.#first = 0;
      this.#flushedEnd = 0;
    }
    return promise;
  }

  #truncate(length: number): void {
    this.#messages.length = length;
    this.#sizes.length = length;
    this.#promises.length = length;
  }
}

function sizeOf(message: unknown): number {
  return message instanceof Uint8Array ? message.byteLength : UNKNOWN_SIZE;
}

function userBit(index: number): number {
  if (!(index >= 1 && index <= 31)) throw new RangeError(`index: ${index} (expected: 1 to 31)`);
  return 1 << index;
}
