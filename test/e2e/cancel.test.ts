import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial } from './support/wire.ts';
import type { Wire } from './support/wire.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

/** The ways in which a client leaves. */
const LEAVES: [string, (wire: Wire) => void][] = [
  ['FIN', ({ socket }) => socket.destroy()],
  ['RST', ({ socket }) => socket.resetAndDestroy()],
];

describe.each(LEAVES)('a client that leaves with a %s', (_how, leave) => {
  it('while it waits for a response takes the connection to the origin with it', async () => {
    const { client, wire, isGone } = await waiting();
    leave(client);
    await wire.ended;

    await isGone();
  });

  it('within a response takes the connection to the origin with it', async () => {
    const { client, wire, isGone } = await waiting();
    wire.send('HTTP/1.1 200 OK\r\ncontent-length: 1000000\r\n\r\nabc');
    await client.take(/abc$/);
    leave(client);
    // A client that is gone and one that reads on look the same until it refuses what is sent to it.
    const goOn = (): void => {
      if (wire.socket.writable) wire.socket.write('def', () => setImmediate(goOn));
    };
    goOn();
    await wire.ended;

    await isGone();
  });

  it('within its request takes the connection to the origin with it', async () => {
    const { client, wire, isGone } = await waiting(
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc',
    );
    leave(client);
    await wire.ended;

    await isGone();
  });
});

describe('a client that has closed its sending side', () => {
  it('gets its response when that comes soon', async () => {
    const { client, wire } = await waiting();
    client.socket.end();
    wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');

    await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nok$/);
    expect(await client.ended).toBe('fin');
  });
});

describe('1000 connections that are aborted', { timeout: 20_000 }, () => {
  it('leave no connection, no waiting request and no error, at whatever point they were', async () => {
    const body = Buffer.alloc(256 * 1024, 'x');
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () =>
        wire.send(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`).send(body),
      );
    });
    const { gateway, port } = await startGateway(origin.port, { maxConnections: 20 });
    for (let batch = 0; batch < 20; batch++) {
      await Promise.all(Array.from({ length: 50 }, (_, number) => abort(port, number)));
    }
    await untilGone(gateway, origin);

    expect(gateway.connectionCount).toBe(0);
    expect(gateway.getOrigin('origin')?.connectionCount).toBe(0);
    expect(gateway.getOrigin('origin')?.pendingCount).toBe(0);
  });

  async function abort(port: number, number: number): Promise<void> {
    const client = await dial(port);
    const [, leave] = LEAVES[number % 2] ?? raise();
    if (number % 5 === 1) client.send('GET / HT');
    if (number % 5 === 2) client.send(GET);
    if (number % 5 === 3)
      client.send('POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab');
    if (number % 5 === 4) client.send(`${GET}${GET}${GET}`);
    // Half of them once the gateway has begun to serve them.
    if (number % 10 === 2) await client.take(/HTTP\/1\.1/);
    leave(client);
    await new Promise((resolve) => client.socket.once('close', resolve));
  }
});

/** A request that has reached the origin. */
async function waiting(request = GET) {
  const origin = await RawOrigin.listen();
  const { gateway, port } = await startGateway(origin.port);
  const client = await dial(port);
  client.send(request);
  const wire = await origin.connection();
  await wire.take(/\r\n\r\n/);
  return { client, wire, isGone: () => untilGone(gateway, origin) };
}

type Gateway = Awaited<ReturnType<typeof startGateway>>['gateway'];

/** Waits, turn by turn of the loop, until the gateway has no connection to either side. */
async function untilGone(gateway: Gateway, origin: RawOrigin): Promise<void> {
  for (;;) {
    for (const { socket } of origin.connections) socket.end();
    const pool = gateway.getOrigin('origin');
    const left = gateway.connectionCount + (pool?.connectionCount ?? 0) + (pool?.pendingCount ?? 0);
    if (left === 0) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function raise(): never {
  throw new Error('There is no such way.');
}
