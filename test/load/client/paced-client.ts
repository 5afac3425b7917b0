import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { Message } from '../../support/http/message-reader.ts';
import { Histogram } from '../../support/measure/histogram.ts';
import { HttpConnection } from './http-connection.ts';

const SMALL = [Buffer.from('GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n')];
const SMALL_BYTES = 34;
const TICK_MS = 1;
/** A gateway that is far behind must not cost this process all its descriptors: what is due then waits here. */
const MOST_CONNECTIONS = 512;
const QUIET_WITHIN_MS = 10_000;

/** What became of the requests of a window. */
export type PacedCounts = {
  answered: number;
  failed: number;
  firstFailure: string | undefined;
  p50Ms: number;
  p99Ms: number;
};

/**
 * Sends small requests at a constant rate, whatever becomes of those before (open loop). A latency counts from the
 * moment that was planned for its request, so that a gateway that stops for a while is not asked less.
 */
export class PacedClient {
  readonly #port: number;
  readonly #ratePerSecond: number;
  readonly #free: HttpConnection[] = [];
  readonly #busy = new Set<HttpConnection>();
  readonly #waiting: number[] = [];
  #timer: NodeJS.Timeout | undefined;
  #onQuiet: (() => void) | undefined;
  #startedAtMs = 0;
  #sent = 0;
  #answered = 0;
  #failed = 0;
  #firstFailure: string | undefined;
  #latencies = new Histogram();

  constructor(port: number, ratePerSecond: number) {
    this.#port = port;
    this.#ratePerSecond = ratePerSecond;
  }

  start(): void {
    this.#sent = 0;
    this.#startedAtMs = performance.now();
    this.#timer = setInterval(() => this.#sendDue(), TICK_MS);
  }

  /** What came since the last time that this was asked, and begins another window. */
  take(): PacedCounts {
    const counts = {
      answered: this.#answered,
      failed: this.#failed,
      firstFailure: this.#failed > 1 ? `${this.#failed}: ${this.#firstFailure}` : this.#firstFailure,
      p50Ms: this.#latencies.percentile(50) / 1000,
      p99Ms: this.#latencies.percentile(99) / 1000,
    };
    this.#answered = 0;
    this.#failed = 0;
    this.#firstFailure = undefined;
    this.#latencies = new Histogram();
    return counts;
  }

  /** Sends no more, lets what is under way end, and ends its connections. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#waiting.length = 0;
    if (this.#busy.size > 0) {
      await Promise.race([
        new Promise<void>((resolve) => (this.#onQuiet = resolve)),
        delay(QUIET_WITHIN_MS, undefined, { ref: false }),
      ]);
    }
    for (const connection of [...this.#free.splice(0), ...this.#busy]) connection.abort('end');
  }

  #sendDue(): void {
    const now = performance.now();
    const due = Math.floor(((now - this.#startedAtMs) / 1000) * this.#ratePerSecond);
    for (; this.#sent < due; this.#sent += 1) {
      this.#waiting.push(this.#startedAtMs + (this.#sent / this.#ratePerSecond) * 1000);
    }
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    while (this.#busy.size < MOST_CONNECTIONS) {
      const plannedAtMs = this.#waiting.shift();
      if (plannedAtMs === undefined) return;
      this.#send(plannedAtMs);
    }
  }

  #send(plannedAtMs: number): void {
    const connection = this.#connection();
    this.#busy.add(connection);
    connection.send(SMALL, {
      ended: ({ startLine, bodyBytes }: Message) => {
        if (startLine.startsWith('HTTP/1.1 200 ') && bodyBytes === SMALL_BYTES) {
          this.#answered += 1;
          this.#latencies.record((performance.now() - plannedAtMs) * 1000);
        } else this.#fail(`${startLine} with ${bodyBytes} bytes`);
        this.#free.push(connection);
        this.#quiet(connection);
      },
      lost: ({ reason, hasBegun }) => {
        const where = `${hasBegun ? 'within' : 'before'} the response`;
        this.#fail(`${reason}, ${where}, with ${connection.answered} before it on the connection`);
        this.#quiet(connection);
      },
    });
  }

  #quiet(connection: HttpConnection): void {
    this.#busy.delete(connection);
    this.#sendWaiting();
    if (this.#busy.size === 0) this.#onQuiet?.();
  }

  #connection(): HttpConnection {
    for (;;) {
      // The one that was unused for longest, so that all of them hear what the gateway has to say.
      const free = this.#free.shift();
      if (free === undefined)
        return new HttpConnection(connect({ host: '127.0.0.1', port: this.#port, noDelay: true }));
      if (free.isOpen) return free;
    }
  }

  #fail(reason: string): void {
    this.#failed += 1;
    this.#firstFailure ??= reason;
  }
}
