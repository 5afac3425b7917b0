/** The origin of every program, in a process of its own: what it answers stands in the path of each request. */
import { createServer, type Socket } from 'node:net';
import { listeningPort } from '../../support/process/listening-port.ts';
import { Ledger } from './ledger.ts';
import { OriginConnection } from './origin-connection.ts';
import type { OriginQuestion } from './origin-counts.ts';

const ledger = new Ledger();
const open = new Set<Socket>();
let idleMs = 0;

const server = createServer({ noDelay: true, allowHalfOpen: false }, (socket) => {
  open.add(socket);
  socket.once('close', () => open.delete(socket));
  new OriginConnection(socket, ledger, idleMs).start();
});
server.listen(0, '127.0.0.1', 4096, () => process.send?.({ port: listeningPort(server) }));

process.on('message', (question: OriginQuestion) => {
  if (question.ask === 'close-idle-after') idleMs = question.ms;
  if (question.ask === 'close') for (const socket of open) socket.destroy();
  process.send?.(ledger.counts(open.size));
});
// The origin must not outlive a program that was killed.
process.once('disconnect', () => process.exit());
