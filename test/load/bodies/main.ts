/** An origin in a process of its own that sends bodies and hashes those that it gets. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { listeningPort } from '../../support/process/listening-port.ts';
import { hashOf, randomBody } from './random-body.ts';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method === 'POST') {
    response.end(await hashOf(request));
    return;
  }
  const [, token, bytes, framing] = (request.url ?? '').split('/');
  if (framing === 'length') response.setHeader('content-length', Number(bytes));
  await pipeline(randomBody(Number(token), Number(bytes)), response);
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: listeningPort(server) }));

process.on('message', () => {
  server.closeAllConnections();
  process.send?.({});
});
// It must not outlive a program that was killed.
process.once('disconnect', () => process.exit());
