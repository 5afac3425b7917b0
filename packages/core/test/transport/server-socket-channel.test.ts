import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  Bootstrap,
  canReusePort,
  ChannelOption,
  ServerSocketChannel,
  silentLogger,
  SocketChannel,
} from '@sluice/core';
import type { ChannelHandlerContext, InetSocketAddress } from '@sluice/core';
import { closed, deferred, listen, loop, peerOf } from '../support/sockets.ts';

it('carries the same over a Unix socket, and knows both addresses', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const path = join(folder, 'socket');
  const read = deferred<string>();
  const server = await listen(
    () => [{ channelRead: (_ctx: ChannelHandlerContext, bytes: Buffer) => read.resolve(String(bytes)) }],
    { path },
  );
  const client = new SocketChannel({ logger: silentLogger });
  await new Bootstrap()
    .group(loop)
    .channelFactory(() => client)
    .handler({})
    .connect({ path })
    .toPromise();
  client.writeAndFlush(Buffer.from('hello'));
  const child = await server.accept();

  expect(await read.promise).toBe('hello');
  expect([child.localAddress, client.remoteAddress]).toEqual([{ path }, { path }]);
  expect(String(client)).toContain(`R:${path}`);
  expect(client.reset().isSuccess).toBe(true);
  await child.closeFuture.toPromise();
});

it('fails to bind to an address that is taken, and closes', async () => {
  const server = await listen(() => []);
  const second = new ServerSocketChannel({ logger: silentLogger });
  await second.register(loop).toPromise();

  await expect(second.bind(server.address).toPromise()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(second.isOpen).toBe(false);
});

describe('with SO_REUSEPORT', () => {
  const shared = () => {
    const channel = new ServerSocketChannel({ logger: silentLogger });
    channel.config.setOption(ChannelOption.SO_REUSEPORT, true);
    onTestFinished(() => closed(channel));
    return channel;
  };

  it.runIf(canReusePort())('listens where another one with it does, and nobody without it', async () => {
    const [first, second, third] = [shared(), shared(), new ServerSocketChannel({ logger: silentLogger })];
    for (const channel of [first, second, third]) await channel.register(loop).toPromise();
    await first.bind({ host: '127.0.0.1', port: 0 }).toPromise();
    const address = first.localAddress as InetSocketAddress;
    await second.bind(address).toPromise();

    expect(second.localAddress).toEqual(address);
    await expect(third.bind(address).toPromise()).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it.skipIf(canReusePort())('says that Node.js is too old for it', async () => {
    const channel = shared();
    await channel.register(loop).toPromise();

    await expect(channel.bind({ host: '127.0.0.1', port: 0 }).toPromise()).rejects.toThrow(
      "A ServerSocketChannel can't share its port with others before Node.js 22.12.",
    );
  });

  it.each([
    ['20.20.2', false],
    ['22.11.0', false],
    ['22.12.0', true],
    ['23.0.0', false],
    ['23.1.0', true],
    ['24.0.0', true],
  ])('Node.js %s can do it: %s', (version, can) => {
    expect(canReusePort(version)).toBe(can);
  });
});

it('is bound once, and has no other operations', async () => {
  const { channel, address } = await listen(() => []);
  const write = channel.newPromise();
  channel.writeAndFlush(Buffer.alloc(1), write);

  for (const future of [channel.bind(address), write, channel.shutdownOutput()]) {
    await expect(future.toPromise()).rejects.toMatchObject({ code: 'SLUICE_UNSUPPORTED_OPERATION' });
  }
  expect(channel.connect(address).isSuccess).toBe(false);
  expect(channel.isActive).toBe(true);
});

it('holds connections back while autoRead is off, and closes them with itself', async () => {
  const server = await listen(() => []);
  server.channel.config.autoRead = false;
  const [first, second] = [await peerOf(server), await peerOf(server)];
  first.resume();
  second.resume();
  server.channel.read();
  const child = await server.accept();
  expect(child.remoteAddress).toMatchObject({ port: first.localPort });

  const end = once(second, 'end');
  await closed(server.channel);
  await end;
  expect(child.isActive).toBe(true);
});

it('gives those that waited in the order in which they came when autoRead is on again', async () => {
  const server = await listen(() => []);
  server.channel.config.autoRead = false;
  const peers = [];
  for (let left = 5; left > 0; left--) peers.push(await peerOf(server));
  server.channel.config.autoRead = true;
  const ports = [];
  for (const _peer of peers) ports.push(await server.accept().then((child) => child.remoteAddress));

  expect(ports).toMatchObject(peers.map(({ localPort }) => ({ port: localPort })));
});

it('closes what comes on top of its backlog while autoRead is off', async () => {
  const server = await listen(() => []);
  server.channel.config.autoRead = false;
  server.channel.config.backlog = 1;
  const waits = await peerOf(server);
  const isTooMany = await peerOf(server);
  isTooMany.resume();
  await once(isTooMany, 'end');
  server.channel.config.autoRead = true;

  expect((await server.accept()).remoteAddress).toMatchObject({ port: waits.localPort });
});

it('frees its port when it is closed while it binds', async () => {
  const channel = new ServerSocketChannel({ logger: silentLogger });
  await channel.register(loop).toPromise();
  const bound = channel.bind({ host: '127.0.0.1', port: 0 });
  channel.close();

  await expect(bound.toPromise()).rejects.toMatchObject({ code: 'SLUICE_CHANNEL_CLOSED' });
  expect(channel.isActive).toBe(false);
});
