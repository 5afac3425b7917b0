import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

const REQUEST = 'GET /small HTTP/1.1\r\nHost: counts.test\r\n\r\n';

/** A connection that sends one small request after the other. */
export class RepeatedRequest {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async open(port: number): Promise<RepeatedRequest> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RepeatedRequest(socket);
  }

  async send(times: number): Promise<void> {
    for (let left = times; left > 0; left--) {
      this.#socket.write(REQUEST);
      for (let text = ''; !text.endsWith('hello');) {
        const [bytes] = (await once(this.#socket, 'data')) as [Buffer];
        text += bytes.toString('latin1');
      }
    }
  }

  close(): void {
    this.#socket.destroy();
  }
}
