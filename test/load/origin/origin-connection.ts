import type { Socket } from 'node:net';
import { MessageReader, type Message } from '../../support/http/message-reader.ts';
import { answerFor, type Answer } from '../exchange/exchange-target.ts';
import { BodyCheck } from '../exchange/noise.ts';
import type { Ledger } from './ledger.ts';
import { HALF_A_HEAD, halfOf, INTERIM, NOT_HTTP, replyTo, SECOND_RESPONSE, SURPLUS } from './reply.ts';
import { ByteStream } from './byte-stream.ts';

const SWITCHED = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n';
const SMALL_BODY = 'one small answer from the origin.\n';

/** One connection of the gateway: reads requests, checks their bodies, and answers as their paths say. */
export class OriginConnection {
  readonly #socket: Socket;
  readonly #ledger: Ledger;
  readonly #reader: MessageReader;
  #answer: Answer | undefined;
  #body: BodyCheck | undefined;
  #hasAnswered = false;
  #isTunnel = false;
  readonly #idleMs: number;
  readonly #small: Buffer;
  #idle: NodeJS.Timeout | undefined;

  /** `idleMs`: how long it stays open after an answer when no other request comes; 0: for ever. */
  constructor(socket: Socket, ledger: Ledger, idleMs: number) {
    this.#socket = socket;
    this.#ledger = ledger;
    this.#idleMs = idleMs;
    this.#small = smallAnswer(idleMs);
    this.#reader = new MessageReader('request', (request) => this.#ended(request), {
      head: (head) => this.#began(head),
      body: (bytes) => this.#body?.push(bytes),
    });
  }

  start(): void {
    this.#socket.on('data', (bytes) => this.#read(bytes));
    this.#socket.on('error', () => this.#socket.destroy());
  }

  #read(bytes: Buffer): void {
    clearTimeout(this.#idle);
    if (this.#isTunnel) return void this.#socket.write(bytes);
    try {
      this.#reader.push(bytes);
    } catch {
      this.#socket.destroy();
    }
  }

  #began(head: string): void {
    const target = head.split(' ', 2)[1] ?? '';
    this.#ledger.requests += 1;
    this.#hasAnswered = false;
    this.#answer = answerFor(target);
    this.#body = this.#answer && new BodyCheck(this.#answer.token, this.#answer.requestBytes);
    if (target === '/stall') this.#socket.pause();
    if (this.#answer?.fault === 'early') this.#reply(this.#answer);
  }

  #ended({ startLine, closes }: Message): void {
    const answer = this.#answer;
    if (this.#idleMs > 0) this.#idle = setTimeout(() => this.#socket.end(), this.#idleMs);
    if (startLine.startsWith('POST ') && answer)
      this.#ledger.post(answer.token, this.#body?.isWhole === true);
    if (this.#hasAnswered) return;
    if (answer) return this.#answerLater(answer);
    if (startLine.startsWith('GET /tunnel ')) return this.#becomeTunnel();
    const streamed = /^GET \/stream\/(\d+) /.exec(startLine)?.[1];
    if (streamed !== undefined) new ByteStream(this.#socket, Number(streamed), this.#ledger).start();
    else if (!startLine.includes(' /stall ')) this.#socket.write(this.#small);
    if (closes) this.#socket.end();
  }

  /** From now on all that comes goes back. */
  #becomeTunnel(): void {
    this.#isTunnel = true;
    clearTimeout(this.#idle);
    this.#socket.write(SWITCHED);
  }

  #answerLater(answer: Answer): void {
    if (answer.delayMs === 0) this.#reply(answer);
    else setTimeout(() => this.#reply(answer), answer.delayMs);
  }

  #reply(answer: Answer): void {
    const socket = this.#socket;
    this.#hasAnswered = true;
    switch (answer.fault) {
      case 'stall':
        return;
      case 'reset-at-once':
        return void socket.resetAndDestroy();
      case 'end-at-once':
        return void socket.end();
      case 'end-in-head':
        return void socket.end(HALF_A_HEAD);
      case 'not-http':
        return void socket.write(NOT_HTTP);
      case 'reset-in-body':
        this.#write(halfOf(answer));
        // The bytes first, or the reset overtakes them.
        return void setTimeout(() => socket.resetAndDestroy(), 5);
      case 'end-in-body':
        this.#write(halfOf(answer));
        return void socket.end();
      case 'stall-in-body':
        return this.#write(halfOf(answer));
      case 'surplus':
        return this.#write([...replyTo({ ...answer, framing: 'length' }, 'keep-alive'), SURPLUS]);
      case 'second-response':
        return this.#write([...replyTo(keptOpen(answer), 'keep-alive'), SECOND_RESPONSE]);
      case 'interim':
        this.#write([INTERIM]);
        break;
      case 'announced-end':
      case 'silent-end':
        this.#write(replyTo(keptOpen(answer), answer.fault === 'announced-end' ? 'close' : 'keep-alive'));
        return void socket.end();
      case 'early':
      case 'none':
    }
    this.#write(replyTo(answer, 'keep-alive'));
    if (answer.framing === 'close') socket.end();
  }

  #write(pieces: readonly Buffer[]): void {
    this.#socket.cork();
    for (const piece of pieces) this.#socket.write(piece);
    this.#socket.uncork();
  }
}

function keptOpen(answer: Answer): Answer {
  return answer.framing === 'close' ? { ...answer, framing: 'length' } : answer;
}

/** Tells how long the connection is kept, if that is a second at least, since the field has no smaller unit. */
function smallAnswer(idleMs: number): Buffer {
  const hint = idleMs >= 1_000 ? `keep-alive: timeout=${Math.floor(idleMs / 1_000)}\r\n` : '';
  return Buffer.from(`HTTP/1.1 200 OK\r\n${hint}content-length: ${SMALL_BODY.length}\r\n\r\n${SMALL_BODY}`);
}
