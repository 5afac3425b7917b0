import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** How the other end has left. */
export type End = 'fin' | 'rst';

/** One end of a TCP connection, in bytes: what was received, and waiting for more without a clock. */
export class Wire {
  readonly socket: Socket;
  /** Settles when the other end has ended or reset the connection. */
  readonly ended: Promise<End>;
  #received = '';
  #end: End | undefined = undefined;
  #notify: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => {
      this.#received += bytes.toString('latin1');
      this.#notify();
    });
    this.ended = new Promise((resolve) => {
      const end = (how: End): void => {
        this.#end ??= how;
        resolve(how);
        this.#notify();
      };
      socket.once('end', () => end('fin'));
      socket.once('error', () => end('rst'));
      socket.once('close', () => end('fin'));
    });
  }

  /** Everything received so far, as latin1. */
  get received(): string {
    return this.#received;
  }

  send(bytes: string | Uint8Array): this {
    this.socket.write(bytes);
    return this;
  }

  /** Waits until what was received matches, and takes it, with all before it, out of `received`. */
  async take(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#received);
      if (match !== null) {
        this.#received = this.#received.slice(match.index + match[0].length);
        return match;
      }
      if (this.#end !== undefined)
        throw new Error(`Ended (${this.#end}) with ${JSON.stringify(this.#received)}`);
      await new Promise<void>((resolve) => (this.#notify = resolve));
    }
  }
}

/** Connects to a port of the loopback address; the connection is gone when the test is over. */
export async function dial(port: number, options: { allowHalfOpen?: boolean } = {}): Promise<Wire> {
  const socket = connect({ host: '127.0.0.1', port, allowHalfOpen: true, ...options });
  const wire = new Wire(socket);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  return wire;
}

export function sha256(...pieces: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const piece of pieces) hash.update(piece);
  return hash.digest('hex');
}
