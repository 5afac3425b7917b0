import { once } from 'node:events';
import { NodeEventLoop, PeerProgress, silentLogger, VirtualClock } from '@sluice/core';
import { expect, it } from 'vitest';
import { listen, peerOf } from '../support/sockets.ts';

// More than the system keeps of a connection whose peer does not read.
const LARGE_BYTES = 48 * 1024 * 1024;
const TABLE_AGE_MS = 5_000;

it.runIf(process.platform === 'linux')('by what the system says, before it takes more', async () => {
  const clock = new VirtualClock();
  const server = await listen(() => [], undefined, new NodeEventLoop(clock, silentLogger));
  const peer = await peerOf(server);
  const channel = await server.accept();
  peer.pause();
  channel.writeAndFlush(Buffer.alloc(LARGE_BYTES));
  while (channel.unsafe.output.buffer?.currentProgress === 0) await nextTurn();
  const progress = new PeerProgress(channel);
  // Until the systems of both sides have what they keep.
  for (let quiet = 0; quiet < 10; quiet++) {
    await nextTurn();
    clock.advance(TABLE_AGE_MS);
    if (progress.hasMoved()) quiet = 0;
  }
  expect(channel.unacknowledgedBytes).toBeGreaterThan(0);

  const pendingBytes = channel.pendingOutboundBytes;
  let hasMoved = false;
  for (let pieces = 0; pieces < 100 && !hasMoved; pieces++) {
    if (peer.read(64 * 1024) === null) await once(peer, 'readable');
    clock.advance(TABLE_AGE_MS);
    hasMoved = progress.hasMoved();
  }

  expect(hasMoved).toBe(true);
  expect(channel.pendingOutboundBytes).toBe(pendingBytes);
});

it('not in one that has closed', async () => {
  const server = await listen(() => []);
  await peerOf(server);
  const channel = await server.accept();
  channel.close();

  expect(channel.unacknowledgedBytes).toBeUndefined();
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
