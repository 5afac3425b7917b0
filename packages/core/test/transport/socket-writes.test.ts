import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { SocketChannel } from '@sluice/core';
import { listen, pattern, peerOf, receiveAll } from '../support/sockets.ts';

const PIECE_BYTES = 5_000;
// More than the system keeps of a connection whose peer does not read.
const LARGE_BYTES = 48 * 1024 * 1024;

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

describe('a message that is larger than what a peer takes', () => {
  it('is sent in pieces, so that one sees how far it has got, and arrives whole', async () => {
    const server = await listen(() => []);
    const peer = await peerOf(server);
    const channel = await server.accept();
    peer.pause();
    const data = pattern(LARGE_BYTES);
    channel.writeAndFlush(data);
    const { output } = channel.unsafe;
    const sent = (): number => output.buffer?.currentProgress ?? 0;
    while (sent() === 0) await nextTurn();

    const received = receiveAll(peer);
    const seen = new Set<number>();
    while (output.buffer?.isEmpty === false) {
      seen.add(sent());
      await nextTurn();
    }
    channel.shutdownOutput();

    expect(seen.size).toBeGreaterThan(10);
    expect(Buffer.compare(await received, data)).toBe(0);
  });

  it('goes out behind smaller ones and before those that follow, with empty ones between', async () => {
    const server = await listen(() => []);
    const peer = await peerOf(server);
    const channel = await server.accept();
    const data = pattern(LARGE_BYTES);
    const done: string[] = [];
    const write = (name: string, bytes: Buffer): void =>
      channel.write(
        bytes,
        channel.newPromise().addListener(() => done.push(name)),
      );
    write('empty', Buffer.alloc(0));
    write('small', data.subarray(0, 10));
    write('large', data.subarray(10, -10));
    write('empty too', Buffer.alloc(0));
    write('last', data.subarray(-10));
    channel.flush();
    const received = receiveAll(peer);
    while (done.length < 5) await nextTurn();
    channel.shutdownOutput();

    expect(done).toEqual(['empty', 'small', 'large', 'empty too', 'last']);
    expect(Buffer.compare(await received, data)).toBe(0);
  });
});

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function writeTogether(channel: SocketChannel, data: Buffer): void {
  for (let at = 0; at < data.length; at += PIECE_BYTES) channel.write(data.subarray(at, at + PIECE_BYTES));
  channel.flush();
}
