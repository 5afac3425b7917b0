import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { RequestOptions } from 'node:https';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { answerTo } from './http-client.ts';
import type { Answer } from './http-client.ts';

/** A TLS connection to a port of the loopback address whose handshake is complete; gone when the test is over. */
export async function dialTls(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port, servername: 'a.test', ...options });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'secureConnect');
  return socket;
}

/** One request over TLS with Node's own client, and its whole response. */
export async function askTls(port: number, options: RequestOptions, body?: Uint8Array): Promise<Answer> {
  const agent = new Agent({ keepAlive: false });
  const sent = request({ host: '127.0.0.1', port, servername: 'a.test', agent, ...options });
  sent.end(body);
  return answerTo(sent);
}

/** Sends the end of the handshake and a request in one piece, and the reset of the connection right behind it. */
export async function sendAndReset(wire: Socket, ca: ConnectionOptions['ca'], sent: string): Promise<void> {
  const kept: Buffer[] = [];
  let isKeeping = false;
  const carrier = new Duplex({
    read() {},
    write(bytes: Buffer, _encoding, done) {
      if (isKeeping) kept.push(bytes);
      else wire.write(bytes);
      done();
    },
  });
  wire.on('data', (bytes) => {
    isKeeping = true;
    carrier.push(bytes);
  });
  const client = await dialTls(0, { socket: carrier, ca });
  await new Promise((resolve) => client.write(sent, resolve));
  wire.write(Buffer.concat(kept));
  wire.resetAndDestroy();
}
