import { once } from 'node:events';
import { Agent, request } from 'node:https';
import type { RequestOptions } from 'node:https';
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
