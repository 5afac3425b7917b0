import { once } from 'node:events';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ServerSocketChannel, silentLogger } from '@sluice/core';
import { closed, listen, loop, peerOf } from '../support/sockets.ts';

it('listens where a program that was killed has left its socket', async () => {
  const path = await staleSocket();

  const server = await listen(() => [], { path });

  await peerOf(server);
  await server.accept();
});

it('leaves a socket alone that a program listens on', async () => {
  const path = await freePath();
  const server = await listen(() => [], { path });
  const second = await unbound();

  await expect(second.bind({ path }).toPromise()).rejects.toMatchObject({ code: 'EADDRINUSE' });

  expect(second.isOpen).toBe(false);
  await peerOf(server);
});

it('leaves a file alone that is no socket', async () => {
  const path = await freePath();
  writeFileSync(path, '');

  await expect((await unbound()).bind({ path }).toPromise()).rejects.toMatchObject({ code: 'EADDRINUSE' });

  expect(existsSync(path)).toBe(true);
});

it('does not listen when it is closed meanwhile', async () => {
  const path = await staleSocket();
  const channel = await unbound();
  const bound = channel.bind({ path }).toPromise();

  await closed(channel);

  await expect(bound).rejects.toMatchObject({ code: 'SLUICE_CHANNEL_CLOSED' });
});

async function unbound(): Promise<ServerSocketChannel> {
  const channel = new ServerSocketChannel({ logger: silentLogger });
  onTestFinished(() => closed(channel));
  await channel.register(loop).toPromise();
  return channel;
}

/** What stays of one whose program has ended before it could remove it. */
async function staleSocket(): Promise<string> {
  const path = await freePath();
  const server = createServer().listen(`${path}.first`);
  await once(server, 'listening');
  // Under another name than the one that is removed when it closes.
  renameSync(`${path}.first`, path);
  server.close();
  await once(server, 'close');
  return path;
}

async function freePath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return join(folder, 'socket');
}
