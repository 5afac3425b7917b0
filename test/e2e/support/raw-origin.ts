import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { onTestFinished } from 'vitest';
import { Wire } from './wire.ts';

/** An origin that says byte for byte what a test wants; it counts its connections. */
export class RawOrigin {
  readonly #server: Server;
  readonly #connections: Wire[] = [];
  readonly #open = new Set<Wire>();
  #waiting: ((wire: Wire) => void)[] = [];
  #taken = 0;

  constructor(onConnection: (wire: Wire) => void = () => {}, isReading = true) {
    this.#server = createServer({ allowHalfOpen: true, pauseOnConnect: !isReading }, (socket) => {
      const wire = new Wire(socket);
      if (!isReading) socket.pause();
      this.#connections.push(wire);
      this.#open.add(wire);
      socket.once('close', () => this.#open.delete(wire));
      onConnection(wire);
      const next = this.#waiting.shift();
      if (next) {
        this.#taken++;
        next(wire);
      }
    });
  }

  static async listen(onConnection?: (wire: Wire) => void, isReading = true): Promise<RawOrigin> {
    const origin = new RawOrigin(onConnection, isReading);
    origin.#server.listen(0, '127.0.0.1');
    await once(origin.#server, 'listening');
    onTestFinished(() => origin.close());
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many connections were made to it. */
  get accepted(): number {
    return this.#connections.length;
  }

  /** Every connection that was made to it. */
  get connections(): readonly Wire[] {
    return this.#connections;
  }

  /** The next connection that no call has returned yet. */
  connection(): Promise<Wire> {
    const wire = this.#connections[this.#taken];
    if (wire === undefined) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#taken++;
    return Promise.resolve(wire);
  }

  close(): void {
    this.#server.close();
    for (const { socket } of this.#open) socket.destroy();
  }
}
