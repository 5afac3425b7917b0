import type { ChannelFuture, ChannelPromise } from '../concurrent/channel-promise.ts';
import { PromiseCombiner } from '../concurrent/promise-combiner.ts';
import type { ChannelHandlerContext } from '../pipeline/channel-handler-context.ts';
import type { AbstractChannel } from './abstract-channel.ts';
import { sizeOf } from './channel-outbound-buffer.ts';
import type { ChannelOutboundBuffer } from './channel-outbound-buffer.ts';

const ENTRY_OVERHEAD = 64;

interface PendingWrite {
  readonly message: unknown;
  readonly size: number;
  readonly promise: ChannelPromise | undefined;
}

/**
 * Messages that a handler holds back until it can write them, counted meanwhile as waiting to
 * be sent so that the channel's writability stays true.
 */
export class PendingWriteQueue {
  readonly #ctx: ChannelHandlerContext;
  readonly #writes: PendingWrite[] = [];
  #bytes = 0;

  constructor(ctx: ChannelHandlerContext) {
    this.#ctx = ctx;
  }

  get size(): number {
    return this.#writes.length;
  }

  get isEmpty(): boolean {
    return this.#writes.length === 0;
  }

  /** With an overhead of 64 counted for each message. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The oldest message, or undefined. */
  current(): unknown {
    return this.#writes[0]?.message;
  }

  /** Keeps what a handler's `write` was given. */
  add(message: unknown, promise: ChannelPromise | undefined): void {
    const size = sizeOf(message) + ENTRY_OVERHEAD;
    this.#writes.push({ message, size, promise });
    this.#bytes += size;
    this.#buffer?.incrementPendingBytes(size);
  }

  /** Takes the oldest message out without writing it; the caller owns its promise now. */
  remove(): ChannelPromise | undefined {
    return this.#take()?.promise;
  }

  /** Writes the oldest message on from the handler. Returns its promise, if it has one. */
  removeAndWrite(): ChannelFuture | undefined {
    const write = this.#take();
    if (write) this.#write(write);
    return write?.promise;
  }

  /** Writes all. Returns a future that is done when all their promises are, or undefined when none waits. */
  removeAndWriteAll(): ChannelFuture | undefined {
    if (this.isEmpty) return undefined;
    const combiner = new PromiseCombiner();
    for (let write = this.#take(); write; write = this.#take()) {
      if (write.promise?.isVoid === false) combiner.add(write.promise);
      this.#write(write);
    }
    const all = this.#ctx.newPromise();
    combiner.finish(all);
    return all;
  }

  /** Fails the oldest message. */
  removeAndFail(cause: unknown): void {
    this.#take()?.promise?.tryFailure(cause);
  }

  removeAndFailAll(cause: unknown): void {
    for (let write = this.#take(); write; write = this.#take()) write.promise?.tryFailure(cause);
  }

  // A promise that was cancelled or failed while it waited: the message is not wanted any more.
  #write({ message, promise }: PendingWrite): void {
    if (promise?.isDone !== true) this.#ctx.write(message, promise);
  }

  #take(): PendingWrite | undefined {
    const write = this.#writes.shift();
    if (write) {
      this.#bytes -= write.size;
      this.#buffer?.decrementPendingBytes(write.size);
    }
    return write;
  }

  get #buffer(): ChannelOutboundBuffer | undefined {
    return (this.#ctx.channel as AbstractChannel).unsafe.output.buffer;
  }
}
