import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const UPGRADE =
  'GET /tunnel HTTP/1.1\r\nHost: load.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c2x1aWNlIGxvYWQgdGVzdA==\r\n\r\n';
const SWITCHED = 'HTTP/1.1 101 ';
const WORD = 'echo';
const EVERY_MS = 200;

/** A client whose connection has become a tunnel, in which it hears all that it says. */
export class TunnelClient {
  readonly #socket: Socket;
  readonly #timer: NodeJS.Timeout;
  #said = 0;
  #heard = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes: Buffer) => (this.#heard += bytes.length));
    socket.once('close', () => clearInterval(this.#timer));
    this.#timer = setInterval(() => this.#say(), EVERY_MS);
  }

  /** Resolves when the tunnel is open; rejects when there is none. */
  static async open(port: number): Promise<TunnelClient> {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    socket.write(UPGRADE);
    const [answer] = (await once(socket, 'data')) as [Buffer];
    if (!answer.toString('latin1').startsWith(SWITCHED)) throw new Error(`no tunnel: ${answer.toString()}`);
    // A reset is an end as well: `close` follows.
    socket.on('error', () => {});
    return new TunnelClient(socket);
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed;
  }

  /** Bytes that came back, for as many that were sent. */
  get isFaithful(): boolean {
    return this.#heard > 0 && this.#heard <= this.#said;
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.destroy();
  }

  #say(): void {
    this.#said += WORD.length;
    this.#socket.write(WORD);
  }
}
