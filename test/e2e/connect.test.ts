import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { silentLogger } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway, startGatewayWith } from './support/start-gateway.ts';
import { dial, sha256 } from './support/wire.ts';

const CONNECT = 'CONNECT db.test:5432 HTTP/1.1\r\nHost: db.test:5432\r\n\r\n';
const ALLOWED = ['--set', 'http-server-codec.allowConnect=true'];

describe('CONNECT', () => {
  it('opens a tunnel to a server of the origin, which sees the bytes of the client and no others', async () => {
    const { origin, port } = await start();
    const client = await dial(port);
    client.send(`${CONNECT}early`);
    const wire = await origin.connection();
    await client.take(/^HTTP\/1\.1 200 OK\r\n\r\n/);
    await wire.take(/^early$/);
    for (const text of ['one', 'two', 'three']) {
      client.send(text);
      await wire.take(new RegExp(`^${text}$`));
      wire.send(`echo ${text}`);
      await client.take(new RegExp(`^echo ${text}$`));
    }
  });

  it('carries megabytes both ways, and each end to the other', async () => {
    const large = randomBytes(4 * 1024 * 1024);
    const { origin, port } = await start();
    const client = await dial(port);
    client.send(CONNECT);
    const wire = await origin.connection();
    await client.take(/\r\n\r\n/);
    client.socket.end(large);
    expect(await wire.ended).toBe('fin');
    wire.socket.end(large);
    expect(await client.ended).toBe('fin');

    expect(sha256(Buffer.from(wire.received, 'latin1'))).toBe(sha256(large));
    expect(sha256(Buffer.from(client.received, 'latin1'))).toBe(sha256(large));
  });

  it('is what Node’s own client calls one', async () => {
    const { origin, port } = await start();
    const asked = request({ host: '127.0.0.1', port, method: 'CONNECT', path: 'db.test:5432' }).end();
    const [response, socket] = (await once(asked, 'connect')) as [IncomingMessage, Socket];
    socket.write('ping');
    const wire = await origin.connection();
    await wire.take(/^ping$/);
    wire.send('pong');
    const [bytes] = (await once(socket, 'data')) as [Buffer];
    socket.destroy();

    expect(response.statusCode).toBe(200);
    expect(String(bytes)).toBe('pong');
    await wire.ended;
  });

  it.each([
    ['the codec does not take it', [], 501],
    ['no route allows it', ALLOWED, 405],
  ])('is refused and the connection closed when %s; what follows is no request', async (_, args, status) => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port, {}, args);
    const client = await dial(port);
    client.send(`${CONNECT}GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n`);
    await client.ended;

    expect(client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*\r\nconnection: close\r\n`));
    expect(client.received.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(origin.accepted).toBe(0);
  });
});

async function start() {
  const origin = await RawOrigin.listen();
  const servers = [{ host: '127.0.0.1', port: origin.port }];
  const { port } = await startGatewayWith({ name: 'db', servers }, {}, ALLOWED, silentLogger, {
    connect: true,
  });
  return { origin, port };
}
