import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from './http-connection.ts';

/** What came of one request: a status, or the words for why there was none. */
export type Asked = { status: number; head: string; lost: string | undefined; tookMs: number };

/** A client that asks one thing after the other, waits in between, and keeps its connection while it may. */
export class AskingClient {
  readonly #port: number;
  #connection: HttpConnection | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Asks until `isOver`: what `next` says, after the pause that `pauseMs` says; `hear` gets each answer. */
  async run(
    isOver: () => boolean,
    next: () => Buffer,
    pauseMs: () => number,
    hear: (answer: Asked, request: Buffer) => void,
  ): Promise<void> {
    while (!isOver()) {
      const request = next();
      hear(await this.#ask(request), request);
      const pause = pauseMs();
      if (pause > 0) await delay(pause);
    }
    this.#connection?.abort('end');
  }

  #ask(request: Buffer): Promise<Asked> {
    const startedAtMs = performance.now();
    return new Promise((resolve) => {
      let head = '';
      const answer = (status: number, lost: string | undefined): void =>
        resolve({ status, head, lost, tookMs: performance.now() - startedAtMs });
      this.#open().send([request], {
        head: (text) => (head = text),
        ended: ({ startLine }) => answer(Number(startLine.slice(9, 12)), undefined),
        lost: ({ reason }) => answer(0, reason),
      });
    });
  }

  #open(): HttpConnection {
    if (this.#connection?.isOpen) return this.#connection;
    this.#connection = new HttpConnection(connect({ host: '127.0.0.1', port: this.#port, noDelay: true }));
    return this.#connection;
  }
}
