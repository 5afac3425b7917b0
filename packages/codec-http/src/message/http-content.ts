import { Buffer } from 'node:buffer';
import type { HttpDecodeError } from '../decoder/http-decode-error.ts';
import { HttpHeaders } from './http-headers.ts';
import { HttpKind, HttpObject } from './http-object.ts';

const NO_DATA: Buffer = Buffer.alloc(0);
const NO_TRAILERS = new HttpHeaders(NO_DATA, [], true);

/** A piece of a body. Where it was cut has no meaning. */
export class HttpContent extends HttpObject {
  readonly data: Buffer;

  constructor(data: Buffer, kind: number = HttpKind.content, failure?: HttpDecodeError) {
    super(kind, failure);
    this.data = data;
  }
}

/** The end of a message, with the last piece of its body where there is one. */
export class LastHttpContent extends HttpContent {
  /** Ends a message that has no more data and no trailers; shared. */
  static readonly EMPTY: LastHttpContent = new LastHttpContent();

  /** The trailer section; sent with chunked framing only. */
  readonly trailers: HttpHeaders;

  /** `failure`: the message did not end as it should, and what was received of it is not all. */
  constructor(data: Buffer = NO_DATA, trailers: HttpHeaders = NO_TRAILERS, failure?: HttpDecodeError) {
    super(data, HttpKind.last, failure);
    this.trailers = trailers;
  }
}
