import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { RawOrigin } from './support/raw-origin.ts';
import { startGateway } from './support/start-gateway.ts';
import { dial, sha256 } from './support/wire.ts';

const UPGRADE =
  'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n';
const SWITCHING =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n';

describe('a WebSocket upgrade', () => {
  it('opens a tunnel that carries bytes both ways, also those that come with the heads', async () => {
    const { client, wire } = await tunnel(UPGRADE, `${SWITCHING}hello`);
    await client.take(/^hello/);
    for (const text of ['one', 'two', 'three']) {
      client.send(text);
      await wire.take(new RegExp(text));
      wire.send(`echo ${text}`);
      await client.take(new RegExp(`echo ${text}`));
    }
  });

  it('lets the client close its side and hear the rest', async () => {
    const { client, wire } = await tunnel();
    client.send('last words').socket.end();
    await wire.take(/last words/);
    expect(await wire.ended).toBe('fin');
    wire.send('an answer').socket.end();

    await client.take(/an answer/);
    expect(await client.ended).toBe('fin');
  });

  it('carries what the client has sent ahead of its end, both before the tunnel was open', async () => {
    const origin = await RawOrigin.listen();
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send(`${UPGRADE}last words`).socket.end();
    const wire = await origin.connection();
    await wire.take(/^GET \/chat [^]*\r\n\r\n/);
    for (let turns = 20; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    wire.send(SWITCHING);

    expect(await wire.ended).toBe('fin');
    expect(wire.received).toBe('last words');
  });

  it('ends at the client when the origin ends, with everything that was sent before', async () => {
    const { client, wire } = await tunnel();
    const large = randomBytes(4 * 1024 * 1024);
    client.socket.pause();
    wire.socket.end(large);
    await new Promise((resolve) => wire.socket.once('finish', resolve));
    client.socket.resume();

    expect(await client.ended).toBe('fin');
    expect(sha256(Buffer.from(client.received, 'latin1'))).toBe(sha256(large));
  });

  it('loses nothing that the origin has sent before its end to a client that sends on', async () => {
    const { client, wire } = await tunnel();
    const last = randomBytes(256 * 1024);
    client.socket.pause();
    wire.socket.end(last);
    await wire.ended;
    await new Promise<unknown>((resolve) => client.socket.write('more', resolve));
    for (let turns = 20; turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    client.socket.resume();

    expect(await client.ended).toBe('fin');
    expect(sha256(Buffer.from(client.received, 'latin1'))).toBe(sha256(last));
  });

  it('ends at the origin when the client is gone', async () => {
    const { client, wire } = await tunnel();
    client.socket.resetAndDestroy();

    expect(await wire.ended).toBe('rst');
  });

  it('is reset at the client when the origin resets it', async () => {
    const { client, wire } = await tunnel();
    wire.socket.resetAndDestroy();

    expect(await client.ended).toBe('rst');
  });

  it('is a plain response when the origin does not want it', async () => {
    const origin = await RawOrigin.listen((wire) => {
      wire.socket.on('data', () => wire.send('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nno'));
    });
    const { port } = await startGateway(origin.port);
    const client = await dial(port);
    client.send(UPGRADE);
    await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nno/);
    client.send('GET / HTTP/1.1\r\nHost: a\r\n\r\n');

    await client.take(/^HTTP\/1\.1 200 OK\r\n[^]*\r\n\r\nno/);
  });
});

async function tunnel(request = UPGRADE, response = SWITCHING) {
  const origin = await RawOrigin.listen();
  const { gateway, port } = await startGateway(origin.port);
  const client = await dial(port);
  client.send(request);
  const wire = await origin.connection();
  const [head] = await wire.take(/^GET \/chat [^]*\r\n\r\n/);
  expect(head).toMatch(/upgrade: websocket\r\n/i);
  wire.send(response);
  await client.take(/^HTTP\/1\.1 101 Switching Protocols\r\n[^]*?\r\n\r\n/);
  return { client, wire, gateway };
}
