import { Buffer } from 'node:buffer';
import type { ChannelHandlerContext, ChannelPromise } from '@sluice/core';
import type { LastHttpContent } from '../message/http-content.ts';
import type { HttpHeaders } from '../message/http-headers.ts';
import { HttpEncodeError } from './http-encode-error.ts';
import { joinPromises } from './join-promises.ts';
import type { WireHead } from './wire-head.ts';
import { Framing } from './wire-head.ts';
import { CRLF, encodedLength, trailerLength, writeAfter, writeBefore } from './wire-bytes.ts';

/**
 * Pieces of a body up to this size go into one buffer with their head: Node.js has such buffers out of a pool, and makes
 * larger ones one by one. The transport puts larger ones into one write, in memory that it uses again.
 */
const MAX_COPIED_BYTES = 2 * 1024;

const NO_DATA: Buffer = Buffer.alloc(0);

type Context = ChannelHandlerContext<unknown, Buffer>;

/**
 * Turns heads, contents and last contents into bytes in one of the framings of HTTP/1, and sees
 * to it that what was announced is what is sent.
 *
 * The head and the first piece of a body are held until the next write or flush, so that a small
 * message is one buffer. What is held must not be changed by the one who wrote it.
 */
export class HttpMessageWriter {
  #head: WireHead | undefined = undefined;
  #data: Buffer = NO_DATA;
  #promise: ChannelPromise | undefined = undefined;
  #inMessage = false;
  #framing: number = Framing.none;
  #remaining = 0;
  #broken = false;

  /** Whether a head was written whose last content was not. */
  get inMessage(): boolean {
    return this.#inMessage;
  }

  /** Whether there is something that the next write or flush will write. */
  get isHolding(): boolean {
    return this.#head !== undefined || this.#data.length > 0;
  }

  /** Takes the head of a message, which contents and a last content follow. */
  begin(ctx: Context, head: WireHead, promise: ChannelPromise | undefined): void {
    this.#writeHead(ctx, head, promise);
    this.#inMessage = true;
    this.#framing = head.framing;
    this.#remaining = head.length;
  }

  /** Takes a head that nothing follows. */
  headAlone(ctx: Context, head: WireHead, promise: ChannelPromise | undefined): void {
    this.#writeHead(ctx, head, promise);
  }

  /** Takes a piece of the body; fails the write and closes the channel when it is more than was announced. */
  content(ctx: Context, data: Buffer, promise: ChannelPromise | undefined): void {
    this.#hold(ctx, data);
    this.#complete(ctx, promise);
  }

  /** Ends the message; fails the write and closes the channel when less was written than announced. */
  last(ctx: Context, last: LastHttpContent, promise: ChannelPromise | undefined): void {
    this.#hold(ctx, last.data);
    if (this.#framing === Framing.length && this.#remaining > 0) {
      this.#break(ctx, `${this.#remaining} bytes of the announced Content-Length are missing.`);
    }
    this.#inMessage = false;
    const isChunked = this.#framing === Framing.chunked;
    if (!isChunked && !this.isHolding) {
      this.#complete(ctx, promise);
      return;
    }
    this.#promise = joinPromises(ctx, this.#promise, promise);
    this.#emit(ctx, isChunked ? last.trailers : undefined);
  }

  /** Writes what is held. */
  flush(ctx: Context): void {
    if (this.isHolding) this.#emit(ctx, undefined);
  }

  /** Drops what is held, because it can't be sent any more. */
  fail(cause: unknown): void {
    const promise = this.#promise;
    this.#promise = undefined;
    this.#head = undefined;
    this.#data = NO_DATA;
    this.#broken = true;
    promise?.tryFailure(cause);
  }

  #writeHead(ctx: Context, head: WireHead, promise: ChannelPromise | undefined): void {
    if (this.#broken) throw brokenError();
    if (this.#inMessage)
      throw new HttpEncodeError('Expected an HttpContent or a LastHttpContent, not another head.');
    if (head.framing === Framing.length && !(Number.isSafeInteger(head.length) && head.length >= 0)) {
      throw new HttpEncodeError('The framing is "length" but contentLength is not set.');
    }
    this.flush(ctx);
    this.#head = head;
    this.#promise = promise;
  }

  #hold(ctx: Context, data: Buffer): void {
    if (this.#broken) throw brokenError();
    if (!this.#inMessage) throw new HttpEncodeError('Expected a head before the content.');
    if (data.length === 0 || this.#framing === Framing.none) return;
    if (this.#framing === Framing.length) this.#account(ctx, data.length);
    if (this.#data.length > 0) this.#emit(ctx, undefined);
    this.#data = data;
  }

  /** Completes the promise with the bytes that are held, or else with those that were written before. */
  #complete(ctx: Context, promise: ChannelPromise | undefined): void {
    if (promise === undefined) return;
    if (this.isHolding) this.#promise = joinPromises(ctx, this.#promise, promise);
    else ctx.write(NO_DATA, promise);
  }

  #account(ctx: Context, bytes: number): void {
    this.#remaining -= bytes;
    if (this.#remaining < 0) this.#break(ctx, 'The body is longer than the announced Content-Length.');
  }

  #break(ctx: Context, message: string): never {
    const error = new HttpEncodeError(message);
    this.fail(error);
    ctx.close();
    throw error;
  }

  /** Writes the head and the data that are held; with `trailers`, the end of a chunked body too. */
  #emit(ctx: Context, trailers: HttpHeaders | undefined): void {
    const head = this.#head;
    const data = this.#data;
    const promise = this.#promise;
    this.#head = undefined;
    this.#data = NO_DATA;
    this.#promise = undefined;
    const isChunk = this.#framing === Framing.chunked && data.length > 0;
    const before = encodedLength(head, isChunk ? data.length : 0);
    const after = (isChunk ? CRLF.length : 0) + (trailers === undefined ? 0 : trailerLength(trailers));
    if (before + after === 0) ctx.write(data, promise);
    else if (data.length <= MAX_COPIED_BYTES) {
      const out = Buffer.allocUnsafe(before + data.length + after);
      let at = writeBefore(out, head, isChunk ? data.length : 0);
      if (data.length > 0) out.set(data, at);
      at += data.length;
      writeAfter(out, at, isChunk, trailers);
      ctx.write(out, promise);
    } else {
      const prefix = Buffer.allocUnsafe(before);
      const suffix = Buffer.allocUnsafe(after);
      writeBefore(prefix, head, isChunk ? data.length : 0);
      writeAfter(suffix, 0, isChunk, trailers);
      writeApart(ctx, prefix, data, suffix, promise);
    }
  }
}

/** Writes a piece that is too large to be copied: what goes before it, itself, and what goes after it. */
function writeApart(
  ctx: Context,
  before: Buffer,
  data: Buffer,
  after: Buffer,
  promise: ChannelPromise | undefined,
): void {
  if (before.length > 0) ctx.write(before);
  if (after.length === 0) {
    ctx.write(data, promise);
    return;
  }
  ctx.write(data);
  ctx.write(after, promise);
}

function brokenError(): HttpEncodeError {
  return new HttpEncodeError('An earlier message was not completed; nothing can follow it.');
}
