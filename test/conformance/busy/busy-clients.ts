import { connect } from 'node:net';
import { HttpConnection } from '../../load/client/http-connection.ts';
import { targetOf, type Answer } from '../../load/exchange/exchange-target.ts';
import { BodyCheck } from '../../load/exchange/noise.ts';
import type { BusyCounts, BusyTarget } from './busy-question.ts';

/** The longest body: one that does not fit in a segment, and not in one read of a small buffer. */
const MOST_BYTES = 3_000;
const TOKEN = /\r\nx-token: (\d+)\r\n/;
const MOST_FAILURES = 5;

/**
 * Keeps a request in flight on each of many connections. Each asks for a body that no other has, and checks it: what is
 * mixed up with the bytes of another connection is noticed.
 */
export class BusyClients {
  readonly #target: BusyTarget;
  readonly #connections = new Set<HttpConnection>();
  readonly #failures: string[] = [];
  #answered = 0;
  #tokens = 0;
  #inFlight = 0;
  #onQuiet: (() => void) | undefined;

  constructor(target: BusyTarget) {
    this.#target = target;
  }

  start(connections: number): void {
    for (let left = connections; left > 0; left -= 1) this.#open();
  }

  /** Lets each have its last answer, and ends them. */
  async stop(): Promise<BusyCounts> {
    const quiet = new Promise<void>((resolve) => (this.#onQuiet = resolve));
    if (this.#inFlight > 0) await quiet;
    for (const connection of this.#connections) connection.abort('end');
    return { answered: this.#answered, failures: this.#failures };
  }

  #open(): void {
    const { port, preface } = this.#target;
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.write(preface);
    const connection = new HttpConnection(socket);
    this.#connections.add(connection);
    this.#ask(connection);
  }

  #ask(connection: HttpConnection): void {
    const answer = this.#nextAnswer();
    const body = new BodyCheck(answer.token, answer.bytes);
    let token = -1;
    this.#inFlight += 1;
    connection.send([Buffer.from(`GET ${targetOf(answer)} HTTP/1.1\r\nHost: busy.test\r\n\r\n`)], {
      head: (head) => (token = Number(TOKEN.exec(head)?.[1])),
      body: (bytes) => body.push(bytes),
      ended: ({ startLine }) => {
        if (token === answer.token && body.isWhole) this.#answered += 1;
        else this.#fail(`asked for token ${answer.token}, got ${token} with ${startLine}`);
        this.#settled(connection);
      },
      lost: ({ reason }) => {
        this.#fail(`${reason}, with ${connection.answered} answers before it on the connection`);
        this.#settled(connection);
      },
    });
  }

  #settled(connection: HttpConnection): void {
    this.#inFlight -= 1;
    if (this.#onQuiet === undefined) return this.#goOn(connection);
    if (this.#inFlight === 0) this.#onQuiet();
  }

  #goOn(connection: HttpConnection): void {
    if (connection.isOpen) return this.#ask(connection);
    this.#connections.delete(connection);
    this.#open();
  }

  #nextAnswer(): Answer {
    const token = this.#tokens++;
    return {
      token,
      bytes: (token * 7) % MOST_BYTES,
      framing: token % 2 === 0 ? 'length' : 'chunked',
      fault: 'none',
      delayMs: this.#target.answerDelayMs,
      requestBytes: 0,
    };
  }

  #fail(failure: string): void {
    if (this.#failures.length < MOST_FAILURES) this.#failures.push(failure);
  }
}
