import { createServer, type AddressInfo, type Server } from 'node:net';
import type { UpstreamRecord, UpstreamRequest } from './origin-connection.ts';
import { OriginConnection } from './origin-connection.ts';
import type { Signal } from './signal.ts';

/** Answers what reaches the origin. */
export interface Responder {
  /** Called when a head has arrived. */
  onHead?(request: UpstreamRequest, connection: OriginConnection): void;
  /** Called when a request has arrived whole. */
  onRequest?(request: UpstreamRequest, connection: OriginConnection): void;
}

/** An origin that keeps every byte the proxy sends it. */
export class RecordingOrigin {
  readonly #server: Server;
  readonly #connections = new Set<OriginConnection>();
  #responder: Responder = {};
  #lastId = 0;
  #lastArrival = 0;

  private constructor(server: Server, signal: Signal) {
    this.#server = server;
    server.on('connection', (socket) => {
      const connection = new OriginConnection(++this.#lastId, socket, {
        head: (request) => this.#responder.onHead?.(request, connection),
        complete: (request) => this.#responder.onRequest?.(request, connection),
        change: () => signal.notify(),
        nextArrival: () => ++this.#lastArrival,
      });
      this.#connections.add(connection);
    });
  }

  /** Listens on the loopback address, on a free port when `port` is 0. */
  static listen(signal: Signal, port = 0): Promise<RecordingOrigin> {
    return new Promise((resolve, reject) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true });
      const origin = new RecordingOrigin(server, signal);
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve(origin));
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Begins the recording of a case. Idle connections of the proxy's pool live on, unclean ones do not. */
  record(responder: Responder): void {
    this.#responder = responder;
    for (const connection of this.#connections) {
      if (!connection.isClosed && connection.isClean) {
        connection.startRecording();
        continue;
      }
      connection.drop();
      this.#connections.delete(connection);
    }
  }

  /** What each connection carried since the recording began; those without a byte are left out. */
  records(): readonly UpstreamRecord[] {
    return [...this.#connections]
      .map((connection) => connection.record())
      .filter(({ bytes }) => bytes.length > 0);
  }

  /** Stops listening and drops every connection. */
  close(): Promise<void> {
    for (const connection of this.#connections) connection.drop();
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}
