import type { ChannelPromise } from '../concurrent/channel-promise.ts';
import type { Channel } from './channel.ts';

// What a queued message costs beyond its bytes, so that many empty ones count too.
const ENTRY_OVERHEAD = 96;
const UNKNOWN_SIZE = 8;
const WATER_MARK_BIT = 1;
// Places of sent messages that may stay at the front of a queue that never runs empty.
const MAX_SENT_PLACES = 1024;

/**
 * The messages that wait to be sent, oldest first: those flushed, then those only written.
 *
 * It is the one source of truth for whether the channel is writable: unwritable above the
 * high water mark, writable again below the low one, and never while a user-defined bit is set.
 */
export class ChannelOutboundBuffer {
  readonly #channel: Channel;
  // Three arrays rather than one of entries: no object for each message. Their places are used
  // again: cutting an array to nothing would make the next message allocate it anew.
  // With one place from the start, since an empty array grows to 17 with its first message.
  #messages: unknown[] = [undefined];
  #sizes: number[] = [0];
  #promises: (ChannelPromise | undefined)[] = [undefined];
  #first = 0;
  #flushedEnd = 0;
  #end = 0;
  #pendingBytes = 0;
  #progress = 0;
  #unwritable = 0;
  #isEnded = false;

  constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** Messages that were flushed and are not sent yet. */
  get flushedCount(): number {
    return this.#flushedEnd - this.#first;
  }

  get isEmpty(): boolean {
    return this.#first === this.#end;
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
    this.#messages[this.#end] = message;
    this.#sizes[this.#end] = size;
    this.#promises[this.#end] = promise;
    this.#end++;
    this.incrementPendingBytes(size);
  }

  /** Marks everything written so far as to be sent; what was cancelled meanwhile is dropped. */
  addFlush(): void {
    let kept = this.#flushedEnd;
    let freed = 0;
    for (let at = this.#flushedEnd; at < this.#end; at++) {
      if (this.#promises[at]?.setUncancellable() === false) freed += this.#sizes[at] ?? 0;
      else this.#move(at, kept++);
    }
    this.#flushedEnd = kept;
    if (freed === 0) return;
    this.#truncate(kept);
    // Last, since the event it may fire may write and flush.
    this.decrementPendingBytes(freed);
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

  /** So many bytes of the flushed messages were sent; a message is done with its last byte. For `doWrite`. */
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

  /** Fails what was written and never flushed; no more will come, so writability changes no more. */
  failUnflushed(cause: unknown): void {
    this.#isEnded = true;
    if (this.#flushedEnd === this.#end) return;
    const promises = this.#promises.slice(this.#flushedEnd, this.#end);
    for (let at = this.#flushedEnd; at < this.#end; at++) {
      this.decrementPendingBytes(this.#sizes[at] ?? 0);
    }
    this.#truncate(this.#flushedEnd);
    for (const promise of promises) promise?.tryFailure(cause);
  }

  /** Fails everything: the channel is closed. */
  close(cause: unknown, unflushedCause: unknown): void {
    this.#isEnded = true;
    this.failFlushed(cause);
    this.failUnflushed(unflushedCause);
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
    if ((was === 0) === (word === 0) || this.#isEnded) return;
    const { pipeline, isRegistered } = this.#channel;
    if (later && isRegistered)
      this.#channel.eventLoop.execute(() => pipeline.fireChannelWritabilityChanged());
    else pipeline.fireChannelWritabilityChanged();
  }

  #take(): ChannelPromise | undefined {
    const promise = this.#promises[this.#first];
    this.#messages[this.#first] = undefined;
    this.#promises[this.#first] = undefined;
    this.#first++;
    this.#progress = 0;
    if (this.#first === this.#end) {
      if (this.#end > MAX_SENT_PLACES) this.#cut();
      this.#first = 0;
      this.#flushedEnd = 0;
      this.#end = 0;
    } else if (this.#first > MAX_SENT_PLACES && this.#first * 2 > this.#end) {
      this.#dropSent();
    }
    return promise;
  }

  #dropSent(): void {
    this.#messages.splice(0, this.#first);
    this.#sizes.splice(0, this.#first);
    this.#promises.splice(0, this.#first);
    this.#flushedEnd -= this.#first;
    this.#end -= this.#first;
    this.#first = 0;
  }

  #move(from: number, to: number): void {
    if (from === to) return;
    this.#messages[to] = this.#messages[from];
    this.#sizes[to] = this.#sizes[from] ?? 0;
    this.#promises[to] = this.#promises[from];
  }

  // Forgets what is there from a place on.
  #truncate(end: number): void {
    this.#messages.fill(undefined, end, this.#end);
    this.#promises.fill(undefined, end, this.#end);
    this.#end = end;
  }

  // Gives back the memory of a long queue.
  #cut(): void {
    this.#messages = [undefined];
    this.#sizes = [0];
    this.#promises = [undefined];
  }
}

/** The estimated size of a message in bytes; 8 for what is not bytes. */
export function sizeOf(message: unknown): number {
  return message instanceof Uint8Array ? message.byteLength : UNKNOWN_SIZE;
}

function userBit(index: number): number {
  if (!(index >= 1 && index <= 31)) throw new RangeError(`index: ${index} (expected: 1 to 31)`);
  return 1 << index;
}
