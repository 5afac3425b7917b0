import { performance } from 'node:perf_hooks';

const TICK_MS = 1;

/** When a connection that is free sends its next request. */
export interface Pace {
  /** Calls back with the moment that was meant for the request, from which its latency counts. */
  next(send: (plannedAtMs: number) => void): void;
  stop(): void;
}

/** At once: as many requests are in flight as there are connections, and a proxy that is slow is asked less. */
export class ClosedLoop implements Pace {
  next(send: (plannedAtMs: number) => void): void {
    send(performance.now());
  }

  stop(): void {}
}

/**
 * At a constant rate, whatever becomes of the requests before. One that is due while all connections wait
 * for an answer waits as well, and that counts.
 */
export class OpenLoop implements Pace {
  readonly #msPerRequest: number;
  readonly #nowMs: () => number;
  readonly #startedAtMs: number;
  readonly #free: ((plannedAtMs: number) => void)[] = [];
  readonly #timer = setInterval(() => this.#sendDue(), TICK_MS);
  #planned = 0;

  constructor(ratePerSecond: number, nowMs: () => number = () => performance.now()) {
    this.#msPerRequest = 1000 / ratePerSecond;
    this.#nowMs = nowMs;
    this.#startedAtMs = nowMs();
  }

  next(send: (plannedAtMs: number) => void): void {
    this.#free.push(send);
    this.#sendDue();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#free.length = 0;
  }

  #sendDue(): void {
    const now = this.#nowMs();
    for (let at = this.#nextAtMs(); at <= now; at = this.#nextAtMs()) {
      const send = this.#free.shift();
      if (send === undefined) return;
      this.#planned += 1;
      send(at);
    }
  }

  #nextAtMs(): number {
    return this.#startedAtMs + this.#planned * this.#msPerRequest;
  }
}
