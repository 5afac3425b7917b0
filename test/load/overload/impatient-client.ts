import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { HttpConnection } from '../client/http-connection.ts';

const SMALL = [Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n')];
const TICK_MS = 2;

/** What became of the requests of a window. */
export type ImpatientCounts = {
  sent: number;
  answered: number;
  /** Ended by the gateway, with a word or without. */
  refused: number;
  /** Given up after `patienceMs`. */
  givenUp: number;
};

/**
 * Sends small requests at a constant rate, each on a kept connection that is free or on a new one, and gives up those
 * that take too long: a crowd of people, that grows when it is not served and does not wait for ever.
 */
export class ImpatientClient {
  readonly #port: number;
  readonly #patienceMs: number;
  readonly #free: HttpConnection[] = [];
  readonly #busy = new Set<HttpConnection>();
  #timer: NodeJS.Timeout | undefined;
  #counts: ImpatientCounts = { sent: 0, answered: 0, refused: 0, givenUp: 0 };

  constructor(port: number, patienceMs: number) {
    this.#port = port;
    this.#patienceMs = patienceMs;
  }

  /** From now on sends so many a second. */
  start(ratePerSecond: number): void {
    clearInterval(this.#timer);
    const startedAtMs = performance.now();
    let sent = 0;
    this.#timer = setInterval(() => {
      const due = Math.floor(((performance.now() - startedAtMs) / 1000) * ratePerSecond);
      for (; sent < due; sent += 1) this.#send();
    }, TICK_MS);
  }

  /** What came since the last time that this was asked. */
  take(): ImpatientCounts {
    const counts = this.#counts;
    this.#counts = { sent: 0, answered: 0, refused: 0, givenUp: 0 };
    return counts;
  }

  /** Sends no more and ends its connections. */
  stop(): void {
    clearInterval(this.#timer);
    for (const connection of [...this.#free.splice(0), ...this.#busy]) connection.abort('end');
  }

  #send(): void {
    const connection = this.#connection();
    this.#busy.add(connection);
    this.#counts.sent += 1;
    let hasGivenUp = false;
    const patience = setTimeout(() => {
      hasGivenUp = true;
      connection.abort('end');
    }, this.#patienceMs);
    const over = (): void => {
      clearTimeout(patience);
      this.#busy.delete(connection);
    };
    connection.send(SMALL, {
      ended: ({ startLine }) => {
        over();
        if (startLine.startsWith('HTTP/1.1 200 ')) this.#counts.answered += 1;
        else this.#counts.refused += 1;
        this.#free.push(connection);
      },
      lost: () => {
        over();
        if (hasGivenUp) this.#counts.givenUp += 1;
        else this.#counts.refused += 1;
      },
    });
  }

  #connection(): HttpConnection {
    for (let free = this.#free.pop(); free; free = this.#free.pop()) if (free.isOpen) return free;
    return new HttpConnection(connect({ host: '127.0.0.1', port: this.#port, noDelay: true }));
  }
}
