import { LlhttpErrno } from '../llhttp/llhttp-errno.ts';
import type { LlhttpCallbacks } from '../llhttp/llhttp-parser.ts';
import type { ChunkedBody } from './chunked-body.ts';
import type { HttpDecodeFailure } from './decode-failures.ts';
import type { FieldSection } from './field-section.ts';

/** Notes what the parser of one decoder reports. One serves all messages of a connection. */
export class MessageCallbacks implements LlhttpCallbacks {
  /** The chunked body that the parser is in; undefined while it is in a head. */
  chunked: ChunkedBody | undefined = undefined;
  /** Why the parser was stopped within a head. */
  failure: HttpDecodeFailure | undefined = undefined;
  readonly #section: FieldSection;
  readonly #maxFields: number;

  /** `section` takes the heads. */
  constructor(section: FieldSection, maxFields: number) {
    this.#section = section;
    this.#maxFields = maxFields;
  }

  onStartLine(start: number, length: number): number {
    this.#section.onStartLine(start, length);
    return LlhttpErrno.ok;
  }

  onHeaderField(start: number, length: number): number {
    if (this.chunked !== undefined) return this.chunked.onTrailerName(start, length);
    this.#section.onName(start, length);
    if (this.#section.fields <= this.#maxFields) return LlhttpErrno.ok;
    this.failure = 'http1.too_many_fields';
    return LlhttpErrno.stopped;
  }

  onHeaderValue(start: number, length: number): number {
    this.#section.onValue(start, length);
    return LlhttpErrno.ok;
  }

  onHeadersComplete(): number {
    return LlhttpErrno.paused;
  }

  onBody(start: number, length: number): number {
    return this.chunked?.onData(start, length) ?? LlhttpErrno.stopped;
  }

  onMessageComplete(): number {
    return LlhttpErrno.paused;
  }
}
