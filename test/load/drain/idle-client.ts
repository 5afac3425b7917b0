import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HttpConnection } from '../client/http-connection.ts';

const SMALL = [Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n')];
const AGAIN_MS = 20;

/** How the gateway parted with a client: `announced`, `closed` without a word, or the words for how a request was lost. */
export type Parting = string;

/** A client that keeps its connection, with nothing under way. */
export class IdleClient {
  readonly #connection: HttpConnection;
  readonly #closed: Promise<void>;

  constructor(port: number) {
    this.#connection = new HttpConnection(connect({ host: '127.0.0.1', port, noDelay: true }));
    this.#closed = new Promise((resolve) => this.#connection.socket.once('close', () => resolve()));
  }

  /** Sends a request; resolves to `kept` when the connection takes more. */
  ask(): Promise<Parting> {
    return new Promise((resolve) => {
      this.#connection.send(SMALL, {
        ended: ({ startLine, closes }) => {
          if (!startLine.startsWith('HTTP/1.1 200 ')) resolve(startLine);
          else resolve(closes ? 'announced' : 'kept');
        },
        lost: ({ reason }) => resolve(reason),
      });
    });
  }

  /** Asks until it hears of the end. */
  async askUntilTheEnd(): Promise<Parting> {
    for (;;) {
      const heard = await this.ask();
      if (heard !== 'kept') return heard;
      await delay(AGAIN_MS);
    }
  }

  /** Says nothing until the gateway closes. */
  async waitForTheEnd(): Promise<Parting> {
    await this.#closed;
    return 'closed';
  }
}
