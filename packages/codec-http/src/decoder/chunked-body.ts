import { Buffer } from 'node:buffer';
import { LlhttpErrno } from '../llhttp/llhttp-errno.ts';
import { BodyPieces } from './body-pieces.ts';
import { ChunkFraming } from './chunk-framing.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { DecoderLimits } from './decoder-limits.ts';
import type { FieldSection } from './field-section.ts';

const NO_BYTES: Buffer = Buffer.alloc(0);

/**
 * Follows the parser through a chunked body: collects the data, has the framing around it
 * checked, and finds where the trailer section begins. One serves all messages of a connection.
 */
export class ChunkedBody {
  /** Why the body must be refused. */
  failure: HttpDecodeFailure | undefined = undefined;
  /** The data that the last run has found. */
  readonly pieces = new BodyPieces();
  readonly #framing: ChunkFraming;
  readonly #section: FieldSection;
  readonly #limits: DecoderLimits;
  #chunk: Buffer = NO_BYTES;
  /** How far the framing of the current chunk of input has been checked. */
  #checked = 0;

  /** `section` takes the trailers. */
  constructor(section: FieldSection, limits: DecoderLimits) {
    this.#section = section;
    this.#limits = limits;
    this.#framing = new ChunkFraming(limits.maxChunkExtensionBytes);
  }

  get inTrailers(): boolean {
    return this.#framing.inTrailers;
  }

  /** Begins a body. */
  begin(): void {
    this.failure = undefined;
    this.#framing.begin();
  }

  /** Begins a run of the parser at this offset of a chunk of input. */
  beginRun(chunk: Buffer, at: number): void {
    this.#chunk = chunk;
    this.#checked = at;
  }

  /** Ends a run that stopped at this offset with this result of the parser. */
  endRun(stop: number, errno: number): void {
    if (this.failure === undefined) this.#check(stop);
    if (this.failure !== undefined) return;
    if (errno !== LlhttpErrno.ok && errno !== LlhttpErrno.paused) {
      this.failure = this.inTrailers ? 'http1.bad_field' : 'http1.bad_chunk';
    } else if (this.inTrailers) this.#checkTrailerSize(stop, errno);
  }

  /** For the parser: it has found data. */
  onData(start: number, length: number): number {
    if (!this.#check(start)) return LlhttpErrno.stopped;
    if (!this.#framing.onData(length)) return this.#stop('http1.bad_chunk');
    this.#checked = start + length;
    this.pieces.add(start, start + length);
    return LlhttpErrno.ok;
  }

  /** For the parser: it has found a piece of the name of a trailer. */
  onTrailerName(start: number, length: number): number {
    if (!this.#check(start)) return LlhttpErrno.stopped;
    this.#section.onName(start, length);
    return this.#section.fields > this.#limits.maxTrailers
      ? this.#stop('http1.too_many_trailers')
      : LlhttpErrno.ok;
  }

  /** Checks the framing up to an offset of the current chunk of input. */
  #check(end: number): boolean {
    if (this.inTrailers) return true;
    const start = this.#checked;
    this.#checked = end;
    if (!this.#framing.scan(this.#chunk, start, end)) {
      this.failure = this.#framing.failure;
      return false;
    }
    if (this.inTrailers) this.#section.begin(this.#framing.trailersStart);
    return true;
  }

  #checkTrailerSize(stop: number, errno: number): void {
    const length = this.#section.lengthAt(stop);
    const { maxTrailerBytes } = this.#limits;
    if (length > maxTrailerBytes || (length === maxTrailerBytes && errno === LlhttpErrno.ok)) {
      this.failure = 'http1.trailers_too_large';
    }
  }

  #stop(failure: HttpDecodeFailure): number {
    this.failure = failure;
    return LlhttpErrno.stopped;
  }
}
