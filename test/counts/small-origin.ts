import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

const HEAD_END = '\r\n\r\n';
const ANSWER = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 5\r\n\r\nhello';

/** An origin that answers each head with a small response, in one write. Resolves when it listens. */
export async function smallOrigin(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (text.endsWith(HEAD_END)) socket.write(ANSWER);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
