import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SocketChannel } from '@sluice/core';
import { listen, pattern, peerOf, receiveAll } from '../support/sockets.ts';

const PIECE_BYTES = 5_000;

describe('messages that are flushed together', () => {
  it.each([2, 3, 4])('arrive as they are, %i of them', async (count) => {
    const server = await listen(() => []);
    const peer = await peerOf(server);
    const channel = await server.accept();
    const data = pattern(count * PIECE_BYTES);
    writeTogether(channel, data);
    channel.shutdownOutput();

    expect(Buffer.compare(await receiveAll(peer), data)).toBe(0);
  });

  it('are not touched by those of other sockets while they wait for a peer that does not read', async () => {
    const server = await listen(() => []);
    const [slow, quick] = [await peerOf(server), await peerOf(server)];
    const [toSlow, toQuick] = [await server.accept(), await server.accept()];
    slow.pause();
    const sent: Buffer[] = [];
    while (sent.length === 0 || toSlow.unsafe.output.buffer?.isEmpty) {
      sent.push(Buffer.alloc(2 * PIECE_BYTES, sent.length));
      writeTogether(toSlow, sent.at(-1) ?? Buffer.alloc(0));
    }
    writeTogether(toQuick, Buffer.alloc(2 * PIECE_BYTES, 'x'));
    await once(quick, 'data');
    toSlow.shutdownOutput();

    expect(Buffer.compare(await receiveAll(slow), Buffer.concat(sent))).toBe(0);
  });
});

function writeTogether(channel: SocketChannel, data: Buffer): void {
  for (let at = 0; at < data.length; at += PIECE_BYTES) channel.write(data.subarray(at, at + PIECE_BYTES));
  channel.flush();
}
