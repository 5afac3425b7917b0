import { readdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { MAX_UNIX_PATH_BYTES, ServerSocketChannel, silentLogger } from '@sluice/core';
import { bootstrap, clientChannel, listen, loop, peerOf } from '../support/sockets.ts';

// The system bound the first 107 bytes, which nobody removed.
it('listens on a path of the greatest length', async () => {
  const { path } = await pathOf(MAX_UNIX_PATH_BYTES);
  const server = await listen(() => [], { path });

  await peerOf(server);
  await server.accept();
});

it('does not listen on a longer one, and leaves nothing behind', async () => {
  const { path, folder } = await pathOf(MAX_UNIX_PATH_BYTES + 1);
  const channel = new ServerSocketChannel({ logger: silentLogger });
  await channel.register(loop).toPromise();

  await expect(channel.bind({ path }).toPromise()).rejects.toMatchObject({ code: 'ENAMETOOLONG' });

  expect(channel.isOpen).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
});

it('does not connect to a longer one, whose beginning may be the path of another', async () => {
  const { path } = await pathOf(MAX_UNIX_PATH_BYTES);
  await listen(() => [], { path });
  const channel = clientChannel();

  const connecting = bootstrap(channel).connect({ path: `${path}x` });

  await expect(connecting.toPromise()).rejects.toMatchObject({ code: 'ENAMETOOLONG', syscall: 'connect' });
  expect(channel.isOpen).toBe(false);
});

/** A path of this length in a folder of its own, with a character of two bytes. */
async function pathOf(bytes: number): Promise<{ readonly path: string; readonly folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const start = join(folder, 'é');
  return { folder, path: start.padEnd(start.length + bytes - Buffer.byteLength(start), 's') };
}
