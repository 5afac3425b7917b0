import { once } from 'node:events';
import { createServer } from 'node:net';
import { listeningPort } from './listening-port.ts';

/** Finds a port on 127.0.0.1 that nobody listens on, for a proxy that must be told its port before it starts. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = listeningPort(server);
  server.close();
  await once(server, 'close');
  return port;
}
