import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

const HEAD_END = '\r\n\r\n';
/** What every body ends with. */
export const BODY_END = 'hello';

/** An origin that answers each head with a body of so many bytes, in one write. Resolves when it listens. */
export async function countedOrigin(
  bodyBytes = BODY_END.length,
): Promise<{ readonly server: Server; readonly port: number }> {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: ${bodyBytes}`;
  const answer = `${head}${HEAD_END}${BODY_END.padStart(bodyBytes, '.')}`;
  const server = createServer((socket) => {
    socket.setEncoding('latin1').on('data', (text: string) => {
      if (text.endsWith(HEAD_END)) socket.write(answer);
    });
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}
