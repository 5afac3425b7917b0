import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { listeningPort } from '../../support/process/listening-port.ts';
import { loadResponseCases } from '../../conformance/case/case-files.ts';
import type { ResponseCase } from '../../conformance/case/response-case.ts';
import { HOSTILE_PREFIX } from './corpus.ts';

const TARGET = new RegExp(`${HOSTILE_PREFIX}(\\d+) `, 'g');
const WHOLE = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfresh';

/** An origin that answers each request with the bytes of a case, and ends or resets as the case does. */
export class HostileOrigin {
  readonly #server: Server;
  readonly #open = new Set<Socket>();
  readonly #cases = loadResponseCases();

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
      socket.on('error', () => {});
      socket.on('data', (bytes: Buffer) => this.#read(socket, bytes.toString('latin1')));
    });
  }

  static async start(): Promise<HostileOrigin> {
    const server = createServer({ noDelay: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new HostileOrigin(server);
  }

  get port(): number {
    return listeningPort(this.#server);
  }

  /** Ends its connections, those of a pool too. */
  closeConnections(): void {
    for (const socket of this.#open) socket.destroy();
  }

  async close(): Promise<void> {
    this.closeConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #read(socket: Socket, text: string): void {
    for (const [, place] of text.matchAll(TARGET)) {
      const played = this.#cases[Number(place)];
      if (played) play(socket, played);
    }
  }
}

function play(
  socket: Socket,
  { raw_response: raw, upstream_end: end, sent_while: when }: ResponseCase,
): void {
  socket.write(`${when === 'idle' ? WHOLE : ''}${raw}`, 'latin1');
  if (end === 'fin') socket.end();
  // The bytes first, or the reset overtakes them.
  if (end === 'rst') setImmediate(() => socket.resetAndDestroy());
}
