import type { HttpDecodeError } from '../decoder/http-decode-error.ts';

/** Tells the kinds of HTTP objects apart in a switch, at the cost of comparing a number. */
export const HttpKind = Object.freeze({ request: 0, response: 1, content: 2, last: 3 });

/**
 * What an HTTP codec fires and takes: a message is its head (a request or a response), any
 * number of contents and one last content. An interim response is a head alone.
 */
export abstract class HttpObject {
  /** One of {@link HttpKind}. */
  readonly kind: number;
  /** Why the message was refused; undefined when it was decoded without fault. */
  readonly failure: HttpDecodeError | undefined;

  constructor(kind: number, failure: HttpDecodeError | undefined) {
    this.kind = kind;
    this.failure = failure;
  }
}

/** What handlers behind an HTTP codec read and write: the parts of messages, and the bytes of a tunnel. */
export type HttpWireMessage = HttpObject | Buffer;
