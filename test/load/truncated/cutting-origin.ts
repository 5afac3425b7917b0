import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { CertificateFiles } from '../../support/certificates.ts';
import { listeningPort } from '../../support/process/listening-port.ts';
import { bytesOfCut, cutAnswerOf, type CutAnswer } from './cut.ts';

const REQUEST = /^GET (\S+) HTTP\/1\.1\r\n[^]*\r\n\r\n$/;
const WHOLE = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

/** An origin whose answers break off as the targets say; any other target has a whole one. */
export class CuttingOrigin {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** With a certificate it speaks TLS. */
  static async start(certificate?: CertificateFiles): Promise<CuttingOrigin> {
    const server = createServer({ noDelay: true });
    const origin = new CuttingOrigin(server);
    const tls = certificate && {
      cert: readFileSync(certificate.certFile),
      key: readFileSync(certificate.keyFile),
    };
    server.on('connection', (raw: Socket) => {
      origin.#open.add(raw);
      raw.once('close', () => origin.#open.delete(raw)).on('error', () => {});
      // Over a stream, so that the connection can be ended without TLS knowing.
      const stream = tls ? new TLSSocket(Duplex.from(raw), { isServer: true, ...tls }) : raw;
      stream.on('error', () => raw.destroy());
      serve(stream, raw);
    });
    server.listen(0, '127.0.0.1', 4096);
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return listeningPort(this.#server);
  }

  closeConnections(): Promise<void> {
    for (const socket of this.#open) socket.destroy();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.closeConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }
}

function serve(stream: Duplex, raw: Socket): void {
  let text = '';
  stream.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    const target = REQUEST.exec(text)?.[1];
    if (target === undefined) return;
    text = '';
    const answer = cutAnswerOf(target);
    if (answer) breakOff(stream, raw, answer);
    else stream.write(WHOLE);
  });
}

function breakOff(stream: Duplex, raw: Socket, answer: CutAnswer): void {
  stream.write(bytesOfCut(answer), 'latin1', () => {
    // The bytes first, or the reset overtakes them.
    if (answer.cut.endsWith('rst')) setImmediate(() => raw.resetAndDestroy());
    else raw.end();
  });
}
