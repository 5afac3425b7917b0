import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { SlowKind } from './slow-kind.ts';

/**
 * How a slow connection ended: after how long, counted from its first slow byte, and with what last words. On a busy
 * machine the deadline may have passed before that byte was sent: then `afterMs` is absent.
 */
export type SlowEnd = { afterMs: number | undefined; farewell: string };

/** A client that sends a byte, waits, sends a byte, until the gateway has had enough. */
export class SlowConnection {
  readonly #kind: SlowKind;
  readonly #socket: Socket;
  readonly #everyMs: number;
  readonly #onEnd: (end: SlowEnd) => void;
  #timer: NodeJS.Timeout | undefined;
  #startedAtMs = 0;
  #at = 0;
  #received = '';

  constructor(kind: SlowKind, port: number, everyMs: number, onEnd: (end: SlowEnd) => void) {
    this.#kind = kind;
    this.#everyMs = everyMs;
    this.#onEnd = onEnd;
    this.#socket = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
    this.#socket.on('data', (bytes) => this.#read(bytes));
    // A reset is an end as well: `close` follows.
    this.#socket.on('error', () => {});
    this.#socket.once('close', () => this.#ended());
    this.#socket.once('connect', () => {
      if (kind.first !== '') this.#socket.write(kind.first, 'latin1');
      if (!kind.isAnswered) this.#begin();
    });
  }

  /** Gives up. */
  stop(): void {
    clearInterval(this.#timer);
    this.#socket.removeAllListeners('close');
    this.#socket.destroy();
  }

  #begin(): void {
    this.#startedAtMs = performance.now();
    this.#sendByte();
    this.#timer = setInterval(() => this.#sendByte(), this.#everyMs);
  }

  #sendByte(): void {
    const byte = this.#kind.dribble[this.#at];
    this.#at += 1;
    if (byte !== undefined) this.#socket.write(byte, 'latin1');
  }

  #read(bytes: Buffer): void {
    if (this.#timer === undefined && this.#kind.isAnswered) return this.#begin();
    this.#received += bytes.toString('latin1');
  }

  #ended(): void {
    clearInterval(this.#timer);
    const afterMs = this.#timer === undefined ? undefined : performance.now() - this.#startedAtMs;
    this.#onEnd({ afterMs, farewell: this.#received });
  }
}
