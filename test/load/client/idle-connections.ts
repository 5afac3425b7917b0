import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext } from 'node:tls';

/** One source address has some 28,000 ports towards one address (ip_local_port_range); half of that leaves room. */
const CONNECTIONS_PER_SOURCE = 14_000;
const AT_ONCE = 64;
const UPLOAD_BYTES = 262_144;
const REQUEST = 'GET /small HTTP/1.1\r\nHost: load.test\r\n\r\n';
const UPLOAD = `POST /small HTTP/1.1\r\nHost: load.test\r\nContent-Length: ${UPLOAD_BYTES}\r\n\r\n${'x'.repeat(UPLOAD_BYTES)}`;
/** One for all: a context of its own costs each connection some 100 KiB here. */
const secureContext = createSecureContext({ minVersion: 'TLSv1.3' });

/** The one request of an idle connection: a small GET, or a POST with a body of 256 KiB. */
export type IdleRequest = 'get' | 'upload';

/** Connections that have made one request each, and then do nothing. */
export class IdleConnections {
  readonly #port: number;
  readonly #isTls: boolean;
  readonly #request: Buffer;
  readonly #sockets: Socket[] = [];
  #endedByPeer = 0;

  constructor(port: number, isTls: boolean, request: IdleRequest = 'get') {
    this.#port = port;
    this.#isTls = isTls;
    this.#request = Buffer.from(request === 'get' ? REQUEST : UPLOAD);
  }

  get count(): number {
    return this.#sockets.length;
  }

  /** How many the gateway has ended; none should be. */
  get endedByPeer(): number {
    return this.#endedByPeer;
  }

  /** Opens so many that there are `count`; rejects when one is refused or not answered with 200. */
  async growTo(count: number): Promise<void> {
    while (this.#sockets.length < count) {
      const missing = Math.min(AT_ONCE, count - this.#sockets.length);
      await Promise.all(Array.from({ length: missing }, () => this.#open()));
    }
  }

  /** Ends all of them, half by FIN and half by RST, and resolves when they are closed here. */
  async close(): Promise<void> {
    const closed = this.#sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    for (const [at, socket] of this.#sockets.entries()) {
      if (at % 2 === 0 || this.#isTls) socket.destroy();
      else socket.resetAndDestroy();
    }
    this.#sockets.length = 0;
    await Promise.all(closed);
  }

  #open(): Promise<void> {
    const source = 2 + Math.floor(this.#sockets.length / CONNECTIONS_PER_SOURCE);
    const address = { host: '127.0.0.1', port: this.#port, localAddress: `127.0.0.${source}` };
    const trust = { servername: 'load.test', rejectUnauthorized: false, secureContext };
    const socket = this.#isTls ? connectTls({ ...address, ...trust }) : connect(address);
    this.#sockets.push(socket);
    socket.write(this.#request);
    return new Promise((resolve, reject) => {
      socket.once('error', reject);
      socket.once('end', () => (this.#endedByPeer += 1));
      socket.once('data', (bytes: Buffer) => {
        const statusLine = bytes.toString('latin1', 0, 12);
        if (statusLine === 'HTTP/1.1 200') resolve();
        else reject(new Error(`an idle connection was answered with ${JSON.stringify(statusLine)}`));
      });
    });
  }
}
