/** The one origin behind every peer: a keep-alive responder that reads no more of a request than its framing. */
import { createServer, type Socket } from 'node:net';
import { MessageReader, type Message } from '../../support/http/message-reader.ts';
import { listeningPort } from '../../support/process/listening-port.ts';
import { replyTo } from './replies.ts';

function accept(socket: Socket): void {
  const reader = new MessageReader('request', (request) => answer(socket, request));
  socket.on('data', (chunk) => {
    try {
      reader.push(chunk);
    } catch {
      socket.destroy();
    }
  });
  socket.on('error', () => socket.destroy());
}

function answer(socket: Socket, request: Message): void {
  socket.write(replyTo(request));
  if (request.closes) socket.end();
}

const server = createServer({ noDelay: true }, accept);
// A port of its own, or any.
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', 1024, () =>
  process.send?.({ port: listeningPort(server) }),
);
// The origin must not outlive a bench that was killed.
process.once('disconnect', () => process.exit());
