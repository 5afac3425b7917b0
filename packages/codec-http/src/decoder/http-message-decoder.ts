import { Buffer } from 'node:buffer';
import { LF } from '../grammar/octets.ts';
import { LlhttpErrno } from '../llhttp/llhttp-errno.ts';
import { LlhttpParser, MAX_EXECUTE_BYTES } from '../llhttp/llhttp-parser.ts';
import { HttpContent, LastHttpContent } from '../message/http-content.ts';
import type { HttpObject } from '../message/http-object.ts';
import { ChunkedBody } from './chunked-body.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import { FieldSection } from './field-section.ts';
import { HttpDecodeError } from './http-decode-error.ts';
import type { HttpDecoderListener } from './http-decoder-listener.ts';
import { MessageCallbacks } from './message-callbacks.ts';
import { takeTrailers } from './trailer-fields.ts';

/** Between two messages: no byte of the next one has come. */
const BETWEEN = 0;
const HEAD = 1;
const FIXED_BODY = 2;
const CHUNKED_BODY = 3;
const BODY_UNTIL_CLOSE = 4;
/** A message is complete and `resume` has not been called. */
const PAUSED = 5;
/** All input is thrown away, for good. */
const DISCARDING = 6;
/** The parser has given up within the start line, and only its end will tell why. */
const BAD_START_LINE = 7;

const NO_BYTES: Buffer = Buffer.alloc(0);

/** A head is parsed in slices of this size, so that a body behind it is not copied for nothing. */
const HEAD_SLICE_BYTES = 4096;

/** How a decoder goes on behind a head. */
export const Body = Object.freeze({
  none: 0,
  fixed: 1,
  chunked: 2,
  untilClose: 3,
  /** The head was interim: another head follows. */
  anotherHead: 4,
  /** The bytes that follow are of another protocol. */
  otherProtocol: 5,
});

/**
 * Cuts a stream of bytes into HTTP/1 messages; the base of the request and the response decoder.
 *
 * Llhttp parses heads, chunked framing and trailers; bodies of known length and bodies that end
 * with the connection are counted here and never given to it. It pauses after each message and
 * keeps the bytes behind it until `resume`. Nothing is reported while the parser runs, so a
 * listener may call any method from within.
 */
export abstract class HttpMessageDecoder<Head extends HttpObject> {
  protected readonly limits: DecoderLimits;
  protected readonly section = new FieldSection();
  /** Set by `readHead`: one of {@link Body}, and the length of a fixed one. */
  protected body: number = Body.none;
  protected bodyLength = 0;
  readonly #listener: HttpDecoderListener<Head>;
  readonly #type: number;
  readonly #source: 'downstream' | 'upstream';
  readonly #callbacks: MessageCallbacks;
  // Made for the first chunked message of a connection.
  #chunked: ChunkedBody | undefined = undefined;
  #parser: LlhttpParser | undefined = undefined;
  #state = BETWEEN;
  #remaining = 0;
  #unread: Buffer | undefined = undefined;
  #ended = false;

  constructor(
    type: number,
    source: 'downstream' | 'upstream',
    limits: DecoderLimits,
    listener: HttpDecoderListener<Head>,
  ) {
    this.limits = limits;
    this.#type = type;
    this.#source = source;
    this.#listener = listener;
    this.#callbacks = new MessageCallbacks(this.section, limits.maxFields);
  }

  /** Whether bytes wait for `resume`. */
  get hasUnread(): boolean {
    return this.#unread !== undefined;
  }

  /** How many bytes wait for `resume`. */
  get unreadBytes(): number {
    return this.#unread?.length ?? 0;
  }

  /** Whether a message is complete and the next one waits for `resume`. */
  get isPaused(): boolean {
    return this.#state === PAUSED;
  }

  /** Takes received bytes, which must not be changed afterwards: what is reported refers to them. */
  decode(chunk: Buffer): void {
    if (this.#state === PAUSED) {
      this.#unread = this.#unread === undefined ? chunk : Buffer.concat([this.#unread, chunk]);
      return;
    }
    let at = 0;
    while (at < chunk.length) at = this.#step(chunk, at);
  }

  /** Goes on with the next message, first with the bytes that have waited. */
  resume(): void {
    if (this.#state !== PAUSED) return;
    this.#state = BETWEEN;
    const unread = this.#unread;
    this.#unread = undefined;
    if (unread !== undefined) this.decode(unread);
    if (this.#ended) this.finish();
  }

  /** The peer has sent its last byte: reports a message that is cut off, or one that ends here. */
  finish(): void {
    this.#ended = true;
    if (this.#state === BAD_START_LINE) this.#failHead('http1.bad_request_line', this.section.kept);
    else if (this.#state === HEAD) this.#failHead('http1.truncated_head', this.section.kept);
    else if (this.#state === BETWEEN && this.isAwaited) this.#failHead('http1.truncated_head');
    else if (this.#state === FIXED_BODY || this.#state === CHUNKED_BODY)
      this.#failBody('http1.truncated_body');
    else if (this.#state === BODY_UNTIL_CLOSE) this.#complete(LastHttpContent.EMPTY, NO_BYTES, 0);
  }

  /** Gives up the head that is awaited. Does nothing within a body and behind a message. */
  refuseHead(failure: HttpDecodeFailure): void {
    if (this.#state === BETWEEN) this.#failHead(failure);
    else if (this.#state === HEAD || this.#state === BAD_START_LINE)
      this.#failHead(failure, this.section.kept);
  }

  /** The connection has broken: reports a message that is not complete, whatever its framing. */
  abort(): void {
    if (this.#state === BODY_UNTIL_CLOSE) this.#failBody('http1.truncated_body');
    else this.finish();
  }

  /** Hands over the bytes that have waited, for a protocol that is not HTTP/1. */
  takeUnread(): Buffer | undefined {
    const unread = this.#unread;
    this.#unread = undefined;
    return unread;
  }

  /** Throws all further input away. */
  discard(): void {
    this.#state = DISCARDING;
    this.#unread = undefined;
  }

  /** Frees the parser and throws all further input away. Must be called once the connection is gone. */
  dispose(): void {
    this.discard();
    this.#parser?.free();
    this.#parser = undefined;
  }

  /** Whether the peer owes a message, so that it is a failure when it ends the connection before one. */
  protected abstract get isAwaited(): boolean;
  /** The longest start line to wait for. */
  protected abstract get maxStartLineBytes(): number;
  /** Passes over what may precede a message; returns where it begins, or why it must be refused. */
  protected abstract skipPreamble(chunk: Buffer, at: number): number | HttpDecodeFailure;
  /** Makes the head and sets `body`, or returns why it must be refused. */
  protected abstract readHead(bytes: Buffer, parser: LlhttpParser): Head | HttpDecodeFailure;
  /** What stands for a head that could not be decoded; `head` is what has come of it. */
  protected abstract makePlaceholder(failure: HttpDecodeError, head: Buffer): Head;
  /** The reason for an error of the parser; `end` is the offset of the byte it stumbled on. */
  protected abstract failureOf(errno: number, chunk: Buffer, end: number): HttpDecodeFailure | undefined;
  /** Whether a head that is not complete can't become one, though the parser takes its start line. */
  protected abstract hasBadStartLine(chunk: Buffer): boolean;
  /** The reason when `failureOf` has left it to the whole start line, which ends before `end` or not at all. */
  protected abstract startLineFailureOf(bytes: Buffer, start: number, end: number): HttpDecodeFailure;
  /** Whether framing fields in a trailer section make the message refused; else they are dropped. */
  protected abstract get refusesTrailers(): boolean;
  /** Fields that must not be taken from a trailer section. */
  protected abstract get nominated(): ReadonlySet<string> | undefined;

  #step(chunk: Buffer, at: number): number {
    switch (this.#state) {
      case BETWEEN:
        return this.#beginHead(chunk, at);
      case HEAD:
        return this.#decodeHead(chunk, at);
      case FIXED_BODY:
        return this.#decodeFixed(chunk, at);
      case CHUNKED_BODY:
        return this.#decodeChunked(chunk, at);
      case BAD_START_LINE:
        return this.#decodeBadStartLine(chunk, at);
      case BODY_UNTIL_CLOSE:
        this.#listener.onContent(new HttpContent(sliceOf(chunk, at, chunk.length)));
        return chunk.length;
      default:
        return chunk.length;
    }
  }

  #beginHead(chunk: Buffer, at: number): number {
    const start = this.skipPreamble(chunk, at);
    if (typeof start === 'string') return this.#failHead(start);
    if (start < chunk.length) {
      this.section.begin(start);
      this.#callbacks.chunked = undefined;
      this.#state = HEAD;
    }
    return start;
  }

  #decodeHead(chunk: Buffer, at: number): number {
    const parser = (this.#parser ??= new LlhttpParser(this.#type, this.#callbacks));
    const { section, limits } = this;
    for (let from = at; from < chunk.length;) {
      const end = Math.min(
        chunk.length,
        from + HEAD_SLICE_BYTES,
        from + limits.maxHeadBytes - section.lengthAt(from),
      );
      const errno = parser.execute(chunk, from, end);
      if (errno === LlhttpErrno.paused) return this.#completeHead(parser, chunk, parser.errorOffset);
      if (errno !== LlhttpErrno.ok) return this.#refuseHead(errno, chunk, at, parser.errorOffset);
      const length = section.lengthAt(end);
      if (section.fields === 0 && length > this.maxStartLineBytes) {
        return this.#failHead('http1.request_line_too_long', this.#headIn(chunk));
      }
      if (length >= limits.maxHeadBytes) return this.#failHead('http1.head_too_large', this.#headIn(chunk));
      from = end;
    }
    if (this.hasBadStartLine(chunk)) return this.#failHead('http1.bad_request_line', this.#headIn(chunk));
    section.keep(chunk);
    return chunk.length;
  }

  #refuseHead(errno: number, chunk: Buffer, at: number, end: number): number {
    const failure = this.#callbacks.failure ?? this.failureOf(errno, chunk, end);
    if (failure !== undefined) return this.#failHead(failure, this.#headIn(chunk));
    this.#state = BAD_START_LINE;
    return this.#decodeBadStartLine(chunk, at);
  }

  #decodeBadStartLine(chunk: Buffer, at: number): number {
    const { section } = this;
    const lineFeed = chunk.indexOf(LF, at);
    if (lineFeed === -1 && section.lengthAt(chunk.length) <= this.maxStartLineBytes) {
      section.keep(chunk);
      return chunk.length;
    }
    const line = this.#headIn(chunk, lineFeed === -1 ? chunk.length : lineFeed + 1);
    return this.#failHead(this.startLineFailureOf(line, 0, line.length), line);
  }

  /** What has come of the head, up to this offset of the current chunk. Ends the section. */
  #headIn(chunk: Buffer, end = chunk.length): Buffer {
    const { section } = this;
    const length = section.lengthAt(end);
    const bytes = section.complete(chunk, end);
    const start = bytes === chunk ? section.origin : 0;
    return bytes.subarray(start, start + length);
  }

  #completeHead(parser: LlhttpParser, chunk: Buffer, end: number): number {
    const bytes = this.section.complete(chunk, end);
    const head = this.readHead(bytes, parser);
    if (typeof head === 'string') {
      const { section } = this;
      const received =
        bytes === chunk ? chunk.subarray(section.origin, end) : bytes.subarray(0, section.lengthAt(0));
      return this.#failHead(head, received);
    }
    if (this.body === Body.chunked) {
      parser.resume();
      this.#beginChunked();
      this.#listener.onHead(head);
      return end;
    }
    parser.reset();
    return this.#beginBody(head, chunk, end);
  }

  #beginChunked(): void {
    this.#chunked ??= new ChunkedBody(this.section, this.limits);
    this.#chunked.begin();
    this.#callbacks.chunked = this.#chunked;
    this.#state = CHUNKED_BODY;
  }

  #beginBody(head: Head, chunk: Buffer, end: number): number {
    switch (this.body) {
      case Body.fixed:
        this.#remaining = this.bodyLength;
        this.#state = FIXED_BODY;
        break;
      case Body.untilClose:
        this.#state = BODY_UNTIL_CLOSE;
        break;
      case Body.otherProtocol:
        this.#pause(chunk, end);
        break;
      default:
        this.#state = BETWEEN;
    }
    this.#listener.onHead(head);
    if (this.body === Body.none && this.#state === BETWEEN) {
      return this.#complete(LastHttpContent.EMPTY, chunk, end);
    }
    return this.#state === PAUSED ? chunk.length : end;
  }

  #decodeFixed(chunk: Buffer, at: number): number {
    const end = Math.min(chunk.length, at + this.#remaining);
    this.#remaining -= end - at;
    const data = sliceOf(chunk, at, end);
    if (this.#remaining === 0) return this.#complete(new LastHttpContent(data), chunk, end);
    this.#listener.onContent(new HttpContent(data));
    return end;
  }

  #decodeChunked(chunk: Buffer, at: number): number {
    const parser = this.#parser;
    const chunked = this.#chunked;
    if (parser === undefined || chunked === undefined) return chunk.length;
    chunked.beginRun(chunk, at);
    const end = Math.min(chunk.length, at + MAX_EXECUTE_BYTES);
    const errno = parser.execute(chunk, at, end);
    const stop = errno === LlhttpErrno.ok ? end : parser.errorOffset;
    chunked.endRun(stop, errno);
    if (errno === LlhttpErrno.paused && chunked.failure === undefined)
      return this.#completeChunked(parser, chunked, chunk, stop);
    chunked.pieces.emit(chunk, this.#listener);
    if (chunked.failure !== undefined) return this.#failBody(chunked.failure);
    if (end === chunk.length && chunked.inTrailers) this.section.keep(chunk);
    return end;
  }

  #completeChunked(parser: LlhttpParser, { pieces }: ChunkedBody, chunk: Buffer, end: number): number {
    const trailers = takeTrailers(
      this.section,
      this.section.complete(chunk, end),
      this.nominated,
      this.refusesTrailers,
    );
    if (typeof trailers === 'string') {
      pieces.emit(chunk, this.#listener);
      return this.#failBody(trailers);
    }
    parser.reset();
    const data = pieces.takeOnly(chunk);
    if (data === undefined) pieces.emit(chunk, this.#listener);
    if (this.#state !== CHUNKED_BODY) return chunk.length;
    const last =
      data === undefined && trailers.size === 0 ? LastHttpContent.EMPTY : new LastHttpContent(data, trailers);
    return this.#complete(last, chunk, end);
  }

  #complete(last: LastHttpContent, chunk: Buffer, end: number): number {
    this.#pause(chunk, end);
    this.#listener.onLast(last);
    return chunk.length;
  }

  #pause(chunk: Buffer, end: number): void {
    this.#state = PAUSED;
    if (end < chunk.length) this.#unread = chunk.subarray(end);
  }

  #failHead(failure: HttpDecodeFailure, head = NO_BYTES): number {
    this.discard();
    this.#listener.onHead(this.makePlaceholder(new HttpDecodeError(failure, this.#source), head));
    this.#listener.onLast(LastHttpContent.EMPTY);
    return Number.MAX_SAFE_INTEGER;
  }

  #failBody(failure: HttpDecodeFailure): number {
    if (this.#state === DISCARDING) return Number.MAX_SAFE_INTEGER;
    this.discard();
    const error = new HttpDecodeError(failure, this.#source);
    this.#listener.onLast(new LastHttpContent(undefined, undefined, error));
    return Number.MAX_SAFE_INTEGER;
  }
}

function sliceOf(chunk: Buffer, start: number, end: number): Buffer {
  return start === 0 && end === chunk.length ? chunk : chunk.subarray(start, end);
}
