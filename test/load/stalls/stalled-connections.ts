import { connect, type Socket } from 'node:net';

const AT_ONCE = 64;
const UPLOAD_PIECE = Buffer.alloc(1_048_576, 'sluice ');

/** Which way the bytes go that somebody does not take. */
export type StallDirection = 'download' | 'upload';

/** Connections on which bytes wait: of a long response that the client does not read, or of a body that the origin does not. */
export class StalledConnections {
  readonly #port: number;
  readonly #direction: StallDirection;
  readonly #bytes: number;
  readonly #sockets: Socket[] = [];

  constructor(port: number, direction: StallDirection, bytes: number) {
    this.#port = port;
    this.#direction = direction;
    this.#bytes = bytes;
  }

  /** Bytes of uploads that this process is rid of; the kernel has some of them. */
  get sentBytes(): number {
    return this.#sockets.reduce(
      (sum, { bytesWritten, writableLength }) => sum + bytesWritten - writableLength,
      0,
    );
  }

  /** How many were ended. */
  get ended(): number {
    return this.#sockets.filter(({ destroyed }) => destroyed).length;
  }

  async growTo(count: number): Promise<void> {
    while (this.#sockets.length < count) {
      const missing = Math.min(AT_ONCE, count - this.#sockets.length);
      await Promise.all(Array.from({ length: missing }, () => this.#open()));
    }
  }

  close(): void {
    for (const socket of this.#sockets.splice(0)) socket.destroy();
  }

  #open(): Promise<void> {
    const socket = connect({ host: '127.0.0.1', port: this.#port });
    this.#sockets.push(socket);
    socket.on('error', () => {});
    return new Promise((resolve) => {
      socket.once('close', resolve);
      if (this.#direction === 'download') this.#download(socket, resolve);
      else socket.once('connect', () => this.#upload(socket, resolve));
    });
  }

  /** Reads the first bytes and no more. */
  #download(socket: Socket, begun: () => void): void {
    socket.write(`GET /stream/${this.#bytes} HTTP/1.1\r\nHost: load.test\r\n\r\n`);
    socket.once('data', () => {
      socket.pause();
      begun();
    });
  }

  /** Writes all of it; what nobody takes waits here, as so many views of the same piece. */
  #upload(socket: Socket, begun: () => void): void {
    socket.write(`POST /stall HTTP/1.1\r\nHost: load.test\r\nContent-Length: ${this.#bytes}\r\n\r\n`);
    for (let at = 0; at < this.#bytes; at += UPLOAD_PIECE.length) {
      socket.write(UPLOAD_PIECE.subarray(0, Math.min(UPLOAD_PIECE.length, this.#bytes - at)));
    }
    begun();
  }
}
