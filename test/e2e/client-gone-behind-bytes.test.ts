import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a client that has sent something behind its request', () => {
  const AHEAD = [
    ['an empty line', '\r\n'],
    ['a byte', 'G'],
    ['a request', GET],
    ['many of them', GET.repeat(300)],
  ] as const;

  it.each(AHEAD.flatMap(([what, ahead]) => [0, 20].map((turns) => ({ what, ahead, turns }))))(
    'takes the connection to the origin with it when it resets its own, $turns turns behind $what',
    async ({ ahead, turns }) => {
      const origin = await RawOrigin.listen();
      const { port } = await startGateway(origin.port);
      const client = await dial(port);
      client.send(GET);
      const wire = await origin.connection();
      await wire.take(/\r\n\r\n/);
      await new Promise<unknown>((resolve) => client.socket.write(ahead, resolve));
      for (let left = turns; left > 0; left--) await new Promise((resolve) => setImmediate(resolve));
      client.socket.resetAndDestroy();

      await wire.ended;
      expect(wire.received).toBe('');
    },
  );

  it('has every response when it ends its sending behind its last request', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
    });
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send(GET.repeat(20));
    client.socket.end();
    await client.ended;

    expect(client.received.match(/\r\n\r\nok/g)).toHaveLength(20);
  });
});
