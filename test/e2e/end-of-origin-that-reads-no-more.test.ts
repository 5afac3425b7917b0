import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const PIECE = Buffer.alloc(64 * 1024, 'u');
// More than all sockets on the way take.
const PIECES = 500;

describe('the end of an origin that reads no more, with bytes of the request waiting for it', () => {
  it('completes a response that ends with its connection', async () => {
    const client = await upload((origin) =>
      origin.send('HTTP/1.1 413 \r\nConnection: close\r\n\r\nToo much.'),
    );

    await client.take(/^HTTP\/1\.1 413 [^]*Too much\./);
    expect(await client.ended).toBe('fin');
  });

  it('is a 502 when it owes a response', async () => {
    const client = await upload(() => {});

    await client.take(/^HTTP\/1\.1 502 /);
  });
});

/** Uploads to an origin that reads the head alone, says this and ends its sending when much waits for it. */
async function upload(respond: (origin: Wire) => void): Promise<Wire> {
  const origin = await RawOrigin.listen();
  const { port } = await startGateway(origin.port);
  const client = await dial(port);
  client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${PIECE.length * PIECES}\r\n\r\n`);
  const connection = await origin.connection();
  await connection.take(/\r\n\r\n/);
  connection.socket.pause();
  for (let piece = 0; piece < PIECES; piece++) client.send(PIECE);
  await stalled(client);
  respond(connection);
  connection.socket.end();
  return client;
}

/** Until no piece is taken any more: the other end, in the same process, has had many turns. */
async function stalled({ socket }: Wire): Promise<void> {
  for (let waiting = socket.writableLength, turns = 0; turns < 100; turns++) {
    await new Promise((resolve) => setImmediate(resolve));
    if (socket.writableLength === waiting) continue;
    waiting = socket.writableLength;
    turns = 0;
  }
}
