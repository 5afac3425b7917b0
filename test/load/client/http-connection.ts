import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { MessageReader, type Message } from '../../support/http/message-reader.ts';

/** Hears what comes of one request. Exactly one of `ended` and `lost` is called, once. */
export interface ResponseListener {
  head?(head: string): void;
  /** The next bytes of the body: a view that counts only for the time of the call. */
  body?(bytes: Buffer): void;
  ended(response: Message): void;
  /** There will be no complete response. */
  lost(loss: Loss): void;
}

export type Loss = {
  reason: string;
  /** Whether the head of a response had come. */
  hasBegun: boolean;
  /** Whether the gateway had said before that it would take no more requests on this connection (RFC 9112 §9.6). */
  isAnnounced: boolean;
};

/** A client's connection: sends requests, one behind the other if need be, and hands each its response. */
export class HttpConnection {
  readonly socket: Socket;
  /** Responses that were complete. */
  answered = 0;
  readonly #waiting: ResponseListener[] = [];
  readonly #reader: MessageReader;
  #hasBegun = false;
  #isAnnounced = false;
  #isOver = false;

  constructor(socket: Socket) {
    this.socket = socket;
    this.#reader = new MessageReader('response', (response) => this.#ended(response), {
      head: (head) => this.#began(head),
      body: (bytes) => this.#waiting[0]?.body?.(bytes),
    });
    socket.on('data', (bytes) => this.#read(bytes));
    socket.on('error', (error) => this.#over(error.message));
    socket.on('close', () => this.#over('closed before the response was complete'));
  }

  /** Whether it takes another request. */
  get isOpen(): boolean {
    return !this.#isOver && !this.#isAnnounced;
  }

  /** Writes what of a request there is, and lets `listener` have the next response. */
  send(request: readonly Buffer[], listener: ResponseListener): void {
    this.#waiting.push(listener);
    this.write(request);
  }

  /** Writes more of the request that was sent last. */
  write(pieces: readonly Buffer[]): void {
    this.socket.cork();
    for (const piece of pieces) this.socket.write(piece);
    this.socket.uncork();
  }

  /** Ends it at once: with a reset where there is no TLS, or with FIN. Requests that wait hear that they are lost. */
  abort(how: 'reset' | 'end'): void {
    if (how === 'reset' && !(this.socket instanceof TLSSocket)) this.socket.resetAndDestroy();
    else this.socket.destroy();
    this.#over('given up');
  }

  #read(bytes: Buffer): void {
    if (this.#isOver) return;
    try {
      this.#reader.push(bytes);
    } catch (error) {
      this.#over(error instanceof Error ? error.message : String(error));
      this.socket.destroy();
    }
  }

  #began(head: string): void {
    this.#hasBegun = true;
    const listener = this.#waiting[0];
    if (!listener) throw new Error('a response that nobody asked for');
    listener.head?.(head);
  }

  #ended(response: Message): void {
    const listener = this.#waiting.shift();
    this.answered += 1;
    this.#hasBegun = false;
    this.#isAnnounced ||= response.closes;
    listener?.ended(response);
    if (this.#isAnnounced && !this.#isOver) {
      this.#over('the gateway had announced its end');
      this.socket.destroy();
    }
  }

  #over(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    let hasBegun = this.#hasBegun;
    const isAnnounced = this.#isAnnounced;
    for (const listener of this.#waiting.splice(0)) {
      listener.lost({ reason, hasBegun, isAnnounced });
      hasBegun = false;
    }
  }
}
