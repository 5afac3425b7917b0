import { ChunkedBody } from './chunked-body.ts';
import { FramingError } from './framing-error.ts';

/** What the origin and the load generator need to know of one complete message. */
export type Message = {
  /** Request line or status line, without its CRLF. */
  startLine: string;
  /** Length of the decoded body. */
  bodyBytes: number;
  /** Whether the sender closes the connection after it (RFC 9112 §9.6). */
  closes: boolean;
};

export type MessageKind = 'request' | 'response';

/** Takes the parts of a message as they come, for a peer that looks at more than framing. */
export interface MessageParts {
  /** Start line and field lines, each with its CRLF. */
  head(head: string): void;
  /** The next bytes of the decoded body: a view that counts only for the time of the call. */
  body(bytes: Buffer): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const MAX_HEAD_BYTES = 65_536;
const CONTENT_LENGTH = /\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n/i;
const CHUNKED = /\r\ntransfer-encoding:[^\r]*\bchunked[ \t]*\r\n/i;
const INTERIM = /^HTTP\/1\.1 1\d\d /;
const CLOSE = /\r\nconnection:[^\r]*\bclose\b/i;

/**
 * Counts the HTTP/1.1 messages of one connection, however the bytes are cut, at a cost small enough to stay out of
 * the way of a measurement: bodies are counted and dropped, fields are looked for only where framing needs them. Who
 * wants to see either gives `parts`. Interim responses are passed over.
 *
 * A response must carry its length (RFC 9112 §6.3); a body that ends with the connection is refused, because a
 * truncated one could not be told from a whole one.
 */
export class MessageReader {
  readonly #kind: MessageKind;
  readonly #onMessage: (message: Message) => void;
  readonly #parts: MessageParts | undefined;
  #partialHead: Buffer | undefined;
  #message: Message | undefined;
  #bodyLeft = 0;
  #chunked: ChunkedBody | undefined;

  constructor(kind: MessageKind, onMessage: (message: Message) => void, parts?: MessageParts) {
    this.#kind = kind;
    this.#onMessage = onMessage;
    this.#parts = parts;
  }

  /** Takes the next bytes of the connection; throws a `FramingError` on bytes that no message starts with. */
  push(chunk: Buffer): void {
    const bytes = this.#partialHead ? Buffer.concat([this.#partialHead, chunk]) : chunk;
    this.#partialHead = undefined;
    let at = 0;
    while (at < bytes.length) {
      at = this.#message ? this.#readBody(this.#message, bytes, at) : this.#readHead(bytes, at);
    }
  }

  #readHead(bytes: Buffer, start: number): number {
    const end = bytes.indexOf(HEAD_END, start);
    if (end === -1) {
      if (bytes.length - start > MAX_HEAD_BYTES) throw new FramingError('a message head is too long');
      this.#partialHead = bytes.subarray(start);
      return bytes.length;
    }
    // One CRLF of the two stays, so that every field line ends with one.
    this.#startMessage(bytes.toString('latin1', start, end + 2));
    return end + HEAD_END.length;
  }

  #startMessage(head: string): void {
    const startLine = head.slice(0, head.indexOf('\r\n'));
    if (!startLine.includes('HTTP/1.'))
      throw new FramingError(`not a start line: ${JSON.stringify(startLine)}`);
    if (this.#kind === 'response' && INTERIM.test(startLine)) return;
    const length = CONTENT_LENGTH.exec(head)?.[1];
    const isChunked = CHUNKED.test(head);
    if (isChunked && length !== undefined) throw new FramingError('a message with two lengths');
    if (!isChunked && length === undefined && this.#kind === 'response') {
      throw new FramingError('a response without a length');
    }
    this.#message = { startLine, bodyBytes: Number(length ?? 0), closes: CLOSE.test(head) };
    this.#bodyLeft = this.#message.bodyBytes;
    this.#parts?.head(head);
    if (isChunked) this.#chunked = new ChunkedBody((data) => this.#parts?.body(data));
    else if (this.#bodyLeft === 0) this.#finish(this.#message);
  }

  #readBody(message: Message, bytes: Buffer, start: number): number {
    if (this.#chunked) return this.#readChunked(message, this.#chunked, bytes, start);
    const count = Math.min(this.#bodyLeft, bytes.length - start);
    this.#bodyLeft -= count;
    this.#parts?.body(bytes.subarray(start, start + count));
    if (this.#bodyLeft === 0) this.#finish(message);
    return start + count;
  }

  #readChunked(message: Message, body: ChunkedBody, bytes: Buffer, start: number): number {
    const end = body.read(bytes, start);
    message.bodyBytes = body.bodyBytes;
    if (body.isComplete) this.#finish(message);
    return end;
  }

  #finish(message: Message): void {
    this.#message = undefined;
    this.#chunked = undefined;
    this.#onMessage(message);
  }
}
