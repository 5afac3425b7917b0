import { once } from 'node:events';
import { createServer } from 'node:net';
import { listeningPort } from './listening-port.ts';

/** Finds a port on 127.0.0.1 that nobody listens on, for a proxy that must be told its port before it starts. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('there is no free port');
  return port;
}

/** Finds as many, no two of them the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map(listeningPort);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}
