import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { listeningPort } from './listening-port.ts';

/** Below the ports that connections get (ip_local_port_range): one of those could take it before the proxy does. */
const LOWEST = 15_000;
const HIGHEST = 32_000;

// Whoever was told one has not begun to listen on it when the next one asks.
const GIVEN = new Set<number>();

/** Finds a port on 127.0.0.1 that nobody listens on, for a proxy that must be told its port before it starts. None is given twice. */
export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('there is no free port');
  return port;
}

/** Finds as many, no two of them the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listenSomewhere()));
  const ports = servers.map(listeningPort);
  await Promise.all(
    servers.map((server) => {
      server.close();
      return once(server, 'close');
    }),
  );
  return ports;
}

async function listenSomewhere(): Promise<Server> {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (GIVEN.has(port)) continue;
    GIVEN.add(port);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
      return server;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}
