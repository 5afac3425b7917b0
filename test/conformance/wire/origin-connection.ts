import type { Socket } from 'node:net';
import { writeSegments } from './feeding.ts';
import { parseRequestLine, requestFraming } from './framing.ts';
import type { Message } from './message-reader.ts';
import { MessageReader } from './message-reader.ts';

/** A request as the origin saw it. */
export interface UpstreamRequest extends Message {
  readonly method: string;
  readonly target: string;
  readonly version: string;
  /** Bytes that had come behind it before it was answered. */
  readonly earlyBytes: string;
  /** The place of its head among all that the origin saw, on whatever connection. */
  readonly arrival: number;
}

/** What one upstream connection carried since the recording began. */
export interface UpstreamRecord {
  readonly connection: number;
  readonly bytes: string;
  /** Complete requests. */
  readonly requests: readonly UpstreamRequest[];
  /** Whether a request has begun and not ended. */
  readonly isUnfinished: boolean;
  readonly malformed: string | undefined;
  readonly tunnel: string;
  /** Whether the proxy has closed it. */
  readonly isClosed: boolean;
}

/** The origin's side of one upstream connection. */
export class OriginConnection {
  readonly id: number;
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  readonly #earlyBytes = new Map<Message, string>();
  readonly #arrivals = new Map<Message, number>();
  #chunks: Buffer[] = [];
  #firstMessage = 0;
  #tunnelFrom = 0;
  #isClosed = false;

  constructor(
    id: number,
    socket: Socket,
    on: {
      readonly head: (request: UpstreamRequest, connection: OriginConnection) => void;
      readonly complete: (request: UpstreamRequest, connection: OriginConnection) => void;
      readonly change: () => void;
      readonly nextArrival: () => number;
    },
  ) {
    this.id = id;
    this.#socket = socket;
    this.#reader = new MessageReader({
      framingOf: requestFraming,
      onHead: (message) => {
        this.#arrivals.set(message, on.nextArrival());
        on.head(this.#toRequest(message), this);
      },
      onComplete: (message) => on.complete(this.#toRequest(message), this),
    });
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#reader.push(chunk);
      on.change();
    });
    const closed = (): void => {
      this.#isClosed = true;
      socket.end();
      on.change();
    };
    socket.on('end', closed);
    socket.on('error', closed);
    socket.on('close', closed);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Whether the next case could be misread on it: a request half sent, garbage, a tunnel. */
  get isClean(): boolean {
    return !this.#reader.isMidMessage && this.#reader.malformed === undefined && this.#reader.tunnel === '';
  }

  /** Forgets what came before, so that the next case sees its own bytes only. */
  startRecording(): void {
    this.#chunks = [];
    this.#firstMessage = this.#reader.messages.length;
    this.#tunnelFrom = this.#reader.tunnel.length;
  }

  record(): UpstreamRecord {
    const messages = this.#reader.messages.slice(this.#firstMessage);
    return {
      connection: this.id,
      bytes: Buffer.concat(this.#chunks).toString('latin1'),
      requests: messages.filter(({ complete }) => complete).map((message) => this.#toRequest(message)),
      isUnfinished: this.#reader.isMidMessage,
      malformed: this.#reader.malformed,
      tunnel: this.#reader.tunnel.slice(this.#tunnelFrom),
      isClosed: this.#isClosed,
    };
  }

  /** Writes an answer and notes what had already come behind the request. */
  answer(request: UpstreamRequest, text: string): void {
    const message = this.#reader.messages.find(({ head }) => head === request.head);
    if (message) this.#earlyBytes.set(message, this.#reader.rest);
    this.write(text);
  }

  write(text: string): void {
    if (!this.#isClosed) this.#socket.write(Buffer.from(text, 'latin1'));
  }

  /** Writes the segments one by one until the proxy closes the connection. */
  writeAll(segments: readonly Buffer[]): Promise<void> {
    return writeSegments(this.#socket, segments, () => this.#isClosed);
  }

  /** Takes every later byte as the tunnel's and sends it back. */
  echoTunnel(): void {
    this.#reader.becomeTunnel();
    const early = this.#reader.rest;
    if (early !== '') this.write(early);
    this.#socket.on('data', (chunk: Buffer) => this.write(chunk.toString('latin1')));
  }

  /** Sends FIN. */
  finish(): void {
    this.#socket.end();
  }

  /** Ends the connection at once, whatever state it is in. */
  drop(): void {
    this.#socket.destroy();
  }

  /** Sends RST. Not after `finish`: Node 20 then waits for that FIN for ever when the process exits. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #toRequest(message: Message): UpstreamRequest {
    const earlyBytes = this.#earlyBytes.get(message) ?? '';
    const arrival = this.#arrivals.get(message) ?? 0;
    return { ...message, ...parseRequestLine(message.head.startLine), earlyBytes, arrival };
  }
}
