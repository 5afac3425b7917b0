import type { Framing } from './framing.ts';
import type { Field, Head } from './head.ts';
import { MalformedMessageError, parseFields, parseHead } from './head.ts';

/** A message as far as it has arrived. */
export interface Message {
  readonly head: Head;
  readonly framing: Framing['kind'];
  readonly body: string;
  readonly trailers: readonly Field[];
  readonly complete: boolean;
}

/** What the reader asks and tells its owner; both calls come while bytes are pushed. */
export interface MessageListener {
  /** Says how the body of a message is framed, from its head and the number of messages before it. */
  framingOf(head: Head, index: number): Framing;
  /** A head has arrived; its body may still be under way. */
  onHead?(message: Message): void;
  /** A message has arrived whole. */
  onComplete?(message: Message): void;
}

type Growing = { -readonly [K in keyof Message]: Message[K] };
type State = 'head' | 'sized' | 'chunk-size' | 'chunk-end' | 'trailers' | 'until-close' | 'tunnel' | 'broken';

const CRLF = '\r\n';

/** Cuts a byte stream into HTTP/1 messages, strictly, and shares no code with the codec under test. */
export class MessageReader {
  readonly messages: Message[] = [];
  readonly #listener: MessageListener;
  #rest: Buffer = Buffer.alloc(0);
  #state: State = 'head';
  #current: Growing | undefined;
  #missing = 0;
  #tunnel = '';
  #malformed: string | undefined;

  constructor(listener: MessageListener) {
    this.#listener = listener;
  }

  /** Why the stream stopped making sense, if it did. */
  get malformed(): string | undefined {
    return this.#malformed;
  }

  /** The bytes after a 101. */
  get tunnel(): string {
    return this.#tunnel;
  }

  /** Bytes that are not part of a message yet, or never will be. */
  get rest(): string {
    return this.#rest.toString('latin1');
  }

  /** Whether a message has begun and not ended. */
  get isMidMessage(): boolean {
    return this.#rest.length > 0 || (this.#current !== undefined && this.#state !== 'tunnel');
  }

  push(chunk: Buffer): void {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    try {
      while (this.#rest.length > 0 && this.#step());
    } catch (error) {
      if (!(error instanceof MalformedMessageError)) throw error;
      this.#malformed = error.message;
      this.#state = 'broken';
    }
  }

  /** The peer sent its FIN: the end of a body without a length, and of nothing else. */
  end(): void {
    if (this.#state === 'until-close') this.#finish();
  }

  /** Takes the rest of the stream as it comes, without messages. */
  becomeTunnel(): void {
    this.#state = 'tunnel';
  }

  #step(): boolean {
    switch (this.#state) {
      case 'head':
        return this.#readHead();
      case 'sized':
        return this.#readSized();
      case 'chunk-size':
        return this.#readChunkSize();
      case 'chunk-end':
        return this.#readChunkEnd();
      case 'trailers':
        return this.#readTrailers();
      case 'until-close':
        return this.#append(this.#rest.length);
      case 'tunnel':
        this.#tunnel += this.#take(this.#rest.length);
        return false;
      default:
        return false;
    }
  }

  #readHead(): boolean {
    const end = this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const head = parseHead(this.#take(end + 4).slice(0, -4));
    const framing = this.#listener.framingOf(head, this.messages.length);
    const message: Growing = { head, framing: framing.kind, body: '', trailers: [], complete: false };
    this.#current = message;
    this.messages.push(message);
    this.#enterBody(framing);
    this.#listener.onHead?.(message);
    if (framing.kind === 'none' || (framing.kind === 'length' && framing.length === 0)) this.#finish();
    return true;
  }

  #enterBody(framing: Framing): void {
    this.#missing = framing.kind === 'length' ? framing.length : 0;
    this.#state =
      framing.kind === 'length' || framing.kind === 'none'
        ? 'sized'
        : framing.kind === 'chunked'
          ? 'chunk-size'
          : framing.kind;
  }

  #readSized(): boolean {
    const size = Math.min(this.#missing, this.#rest.length);
    this.#missing -= size;
    this.#append(size);
    if (this.#missing > 0) return false;
    if (this.#current?.framing === 'chunked') this.#state = 'chunk-end';
    else this.#finish();
    return true;
  }

  // RFC 9112 §7.1: extensions are allowed on the wire, so the size ends at the first semicolon.
  #readChunkSize(): boolean {
    const line = this.#takeLine();
    if (line === undefined) return false;
    const match = /^([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?$/.exec(line);
    if (!match) throw new MalformedMessageError(`not a chunk size: ${JSON.stringify(line.slice(0, 80))}`);
    this.#missing = Number.parseInt(match[1] ?? '', 16);
    this.#state = this.#missing === 0 ? 'trailers' : 'sized';
    return true;
  }

  #readChunkEnd(): boolean {
    if (this.#rest.length < 2) return false;
    if (this.#take(2) !== CRLF) throw new MalformedMessageError('no CRLF after the data of a chunk');
    this.#state = 'chunk-size';
    return true;
  }

  #readTrailers(): boolean {
    const empty = this.#rest.subarray(0, 2).toString('latin1') === CRLF;
    const end = empty ? 0 : this.#rest.indexOf('\r\n\r\n');
    if (end < 0) return false;
    const text = this.#take(empty ? 2 : end + 4).slice(0, empty ? -2 : -4);
    if (this.#current) this.#current.trailers = parseFields(text);
    this.#finish();
    return true;
  }

  #append(size: number): boolean {
    const text = this.#take(size);
    if (this.#current) this.#current.body += text;
    return false;
  }

  #finish(): void {
    const message = this.#current;
    if (!message) return;
    message.complete = true;
    this.#current = undefined;
    this.#state = 'head';
    this.#listener.onComplete?.(message);
  }

  #takeLine(): string | undefined {
    const end = this.#rest.indexOf(CRLF);
    return end < 0 ? undefined : this.#take(end + 2).slice(0, -2);
  }

  #take(size: number): string {
    const text = this.#rest.toString('latin1', 0, size);
    this.#rest = this.#rest.subarray(size);
    return text;
  }
}
