import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask } from './support/http-client.ts';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('an origin', () => {
  it('that refuses connections is a 502, and the client may go on', async () => {
    const { port } = await startGateway(await closedPort());
    const client = await dial(port);
    for (let count = 0; count < 2; count++) {
      client.send(GET);
      const [response] = await client.take(/^HTTP\/1\.1 502 Bad Gateway\r\n[^]*?\r\n\r\n.*\n/);
      expect(response).toMatch(/content-type: application\/problem\+json/i);
      expect(response).toMatch(/proxy-status: sluice; error=connection_refused/i);
      expect(response).not.toMatch(/127\.0\.0\.1/);
    }
  });

  it('that is silent is a 504, and its connection is closed', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port, { responseTimeoutMs: 20 });
    const answer = await ask(port);

    expect(answer.status).toBe(504);
    expect(answer.headers['proxy-status']).toBe('sluice; error=http_response_timeout');
    await (
      await origin.connection()
    ).ended;
  });

  it.each<[string, (wire: Wire) => void]>([
    ['ends', ({ socket }) => socket.end()],
    ['resets', ({ socket }) => socket.resetAndDestroy()],
  ])('that %s the connection before it answers is a 502', async (_how, leave) => {
    const origin = await RawOrigin.listen((wire) => wire.socket.once('data', () => leave(wire)));
    const { port } = await startGateway(origin.port);
    const answer = await ask(port);

    expect(answer.status).toBe(502);
    expect(answer.headers['proxy-status']).toBe('sluice; error=connection_terminated');
    expect(origin.accepted).toBe(1);
  });

  it.each([
    ['a counted body', 'content-length: 1000\r\n\r\nabc'],
    ['a chunked body', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n'],
  ])(
    'that ends within %s takes the client connection with it, without an end of the body',
    async (_what, rest) => {
      const origin = await RawOrigin.listen();
      const { port } = await startGateway(origin.port);
      const client = await dial(port);
      client.send(GET);
      const wire = await origin.connection();
      await wire.take(/\r\n\r\n/);
      wire.send(`HTTP/1.1 200 OK\r\n${rest}`);
      await client.take(/abc/);
      wire.socket.end();

      expect(await client.ended).toBe('rst');
      expect(client.received).not.toContain('0\r\n');
    },
  );

  it('that sends what is no response is a 502', async () => {
    const origin = await RawOrigin.listen((wire) => wire.send('SSH-2.0-OpenSSH_9.6\r\n'));
    const { port } = await startGateway(origin.port);
    const answer = await ask(port);

    expect(answer.status).toBe(502);
  });

  it('that ends all its kept connections as requests come costs none of them', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    });
    const { port } = await startGateway(origin.port);
    const clients = await Promise.all(Array.from({ length: 20 }, () => dial(port)));
    for (let round = 0; round < 5; round++) {
      for (const client of clients) client.send(GET);
      // All kept connections end while the requests of this round are on their way to them.
      if (round > 0) for (const { socket } of origin.connections) socket.end();
      await Promise.all(clients.map((client) => client.take(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok/)));
    }
  });
});

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
