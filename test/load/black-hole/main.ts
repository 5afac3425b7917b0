/** A server with a queue for one connection that never takes one from it: its program is stopped by whoever started it. */
import { createServer } from 'node:net';
import { listeningPort } from '../../support/process/listening-port.ts';

const server = createServer();
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () =>
  process.send?.({ port: listeningPort(server) }),
);
process.once('disconnect', () => process.exit());
