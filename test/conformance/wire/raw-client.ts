import { connect, type Socket } from 'node:net';
import { writeSegments } from './feeding.ts';
import { parseStatus, responseFraming } from './framing.ts';
import type { Message } from './message-reader.ts';
import { MessageReader } from './message-reader.ts';
import type { Signal } from './signal.ts';

/** How a connection stands: the peer sent FIN first, or RST first, or neither. */
export type ConnectionEnd = 'open' | 'fin' | 'rst';

/** A response as a client saw it. */
export interface ReceivedResponse extends Message {
  readonly status: number;
}

/** A client that sends any bytes and reads responses strictly. */
export class RawClient {
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #signal: Signal;
  readonly #chunks: Buffer[] = [];
  readonly #methods: string[];
  #finals = 0;
  #end: ConnectionEnd = 'open';

  private constructor(socket: Socket, signal: Signal, methods: readonly string[]) {
    this.#socket = socket;
    this.#signal = signal;
    this.#methods = [...methods];
    this.#reader = new MessageReader({
      framingOf: (head) => {
        const isInterim = isInterimStatus(parseStatus(head.startLine));
        return responseFraming(head, isInterim ? '' : (this.#methods[this.#finals++] ?? 'GET'));
      },
    });
    this.#observe();
  }

  /**
   * Connects to the proxy, from 127.0.0.1 unless `source` says otherwise. `methods` are those of the requests to come: a
   * response to HEAD has no body.
   */
  static connect(
    port: number,
    signal: Signal,
    methods: readonly string[],
    source = '127.0.0.1',
  ): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const address = { port, host: '127.0.0.1', localAddress: source };
      const socket = connect({ ...address, allowHalfOpen: true, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new RawClient(socket, signal, methods));
      });
    });
  }

  /** Every byte received. */
  get received(): string {
    return Buffer.concat(this.#chunks).toString('latin1');
  }

  get end(): ConnectionEnd {
    return this.#end;
  }

  /** Bytes after a 101. */
  get tunnel(): string {
    return this.#reader.tunnel;
  }

  get malformed(): string | undefined {
    return this.#reader.malformed;
  }

  /** Bytes after the last message that do not make another. */
  get rest(): string {
    return this.#reader.rest;
  }

  /** Final responses, the last of which may be unfinished; a 101 is final. */
  get responses(): readonly ReceivedResponse[] {
    return this.#withStatus().filter(({ status }) => !isInterimStatus(status));
  }

  /** Status codes of the interim responses. */
  get interim(): readonly number[] {
    return this.#withStatus()
      .map(({ status }) => status)
      .filter(isInterimStatus);
  }

  /** Whether this many final responses have arrived whole. A 101 counts as whole. */
  hasResponses(count: number): boolean {
    const last = this.responses[count - 1];
    return count === 0 || (last !== undefined && (last.complete || last.framing === 'tunnel'));
  }

  /** Writes the segments one by one until the peer ends the connection, then half-closes if asked to. */
  async send(segments: readonly Buffer[], options: { readonly fin?: boolean } = {}): Promise<void> {
    await writeSegments(this.#socket, segments, () => this.#end !== 'open');
    if (options.fin === true && this.#end === 'open') this.#socket.end();
  }

  /** Sends one more request on the same connection. */
  async ask(request: string): Promise<void> {
    this.#methods[this.#finals] = 'GET';
    await this.send([Buffer.from(request, 'latin1')]);
  }

  close(): void {
    this.#socket.destroy();
  }

  #observe(): void {
    this.#socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#reader.push(chunk);
      this.#signal.notify();
    });
    this.#socket.on('end', () => {
      this.#reader.end();
      this.#ended('fin');
      this.#socket.end();
    });
    this.#socket.on('error', () => this.#ended('rst'));
  }

  #ended(end: ConnectionEnd): void {
    if (this.#end !== 'open') return;
    this.#end = end;
    this.#signal.notify();
  }

  #withStatus(): readonly ReceivedResponse[] {
    return this.#reader.messages.map((message) => ({
      ...message,
      status: parseStatus(message.head.startLine),
    }));
  }
}

function isInterimStatus(status: number): boolean {
  return status < 200 && status !== 101;
}
