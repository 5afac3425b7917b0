import { connect, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, type TLSSocket } from 'node:tls';
import type { Scenario } from '../scenarios.ts';

/** One version and cipher, so that every peer does the same work. */
const secureContext = createSecureContext({ minVersion: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' });

/** Makes the connections of one closed loop; with TLS it keeps the session for the next one where the scenario says so. */
export class SocketSource {
  readonly #port: number;
  readonly #tls: Scenario['tls'];
  #session: Buffer | undefined;

  constructor(port: number, { tls }: Scenario) {
    this.#port = port;
    this.#tls = tls;
  }

  /** A socket that takes writes at once; they go out when it is connected. */
  open(): Socket {
    const address = { host: '127.0.0.1', port: this.#port, noDelay: true };
    if (this.#tls === 'none') return connect(address);
    const session = this.#tls === 'resumed' && this.#session ? { session: this.#session } : {};
    const trust = { servername: 'bench.test', rejectUnauthorized: false, secureContext };
    const socket = connectTls({ ...address, ...trust, ...session });
    if (this.#tls === 'resumed') this.#keepSession(socket);
    return socket;
  }

  #keepSession(socket: TLSSocket): void {
    socket.on('session', (session) => (this.#session = session));
    socket.once('secureConnect', () => {
      const isFirst = this.#session === undefined;
      if (!isFirst && !socket.isSessionReused()) socket.destroy(new Error('the session was not resumed'));
    });
  }
}
