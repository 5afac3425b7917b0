import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ChannelHandlerContext } from '@sluice/core';
import { deferred, listen, pattern, peerOf, turns } from '../support/sockets.ts';

describe('what a socket reads', () => {
  it('stays as it is while other sockets read', async () => {
    const kept: Buffer[] = [];
    const server = await listen(() => [new Keeper(kept)]);
    const peers = [await peerOf(server), await peerOf(server), await peerOf(server)];
    for (const [at, peer] of peers.entries()) {
      peer.write(Buffer.alloc(1_000, 'abc'.charAt(at)));
      await once(peer, 'data');
    }

    expect(kept.map(String)).toEqual(['a'.repeat(1_000), 'b'.repeat(1_000), 'c'.repeat(1_000)]);
  });

  it('is whole and in order when large reads and small ones follow one another', async () => {
    const kept: Buffer[] = [];
    const server = await listen(() => [new Keeper(kept)]);
    const peer = await peerOf(server);
    const data = pattern(600_000);
    const ends = [300_000, 300_010, 320_000, 599_990, 600_000];
    let from = 0;
    for (const to of ends) {
      peer.write(data.subarray(from, to));
      from = to;
      while (lengthOf(kept) < to) await once(peer, 'data');
    }

    expect(Math.max(...kept.map(({ length }) => length))).toBeGreaterThan(16 * 1024);
    expect(Buffer.compare(Buffer.concat(kept), data)).toBe(0);
  });

  it('is one turn of the clock, which is over behind it', async () => {
    const readings: number[] = [];
    const server = await listen(() => [
      {
        channelRead(ctx: ChannelHandlerContext) {
          const { clock } = ctx.channel;
          queueMicrotask(() => readings.push(clock.turnNow()));
          readings.push(clock.turnNow());
          while (performance.now() === readings[0]);
          readings.push(clock.turnNow());
          ctx.writeAndFlush(Buffer.from('.'));
        },
      },
    ]);
    const peer = await peerOf(server);
    peer.write('a');
    await once(peer, 'data');

    const [first, second, behind] = readings;
    expect(second).toBe(first);
    expect(behind).toBeGreaterThan(first ?? Infinity);
  });

  it('ends with the peer, also right behind bytes', async () => {
    const ended = deferred<number>();
    const kept: Buffer[] = [];
    const server = await listen(() => [
      new Keeper(kept),
      { channelInactive: () => ended.resolve(lengthOf(kept)) },
    ]);
    const peer = await peerOf(server);
    peer.end(Buffer.alloc(100));

    expect(await ended.promise).toBe(100);
  });

  it('comes no further than to the read that turned autoRead off', async () => {
    const kept: Buffer[] = [];
    const server = await listen(() => [
      {
        channelRead(ctx: ChannelHandlerContext, bytes: Buffer) {
          kept.push(bytes);
          ctx.channel.config.autoRead = false;
          ctx.writeAndFlush(Buffer.from('.'));
        },
      },
    ]);
    const peer = await peerOf(server);
    peer.write('one');
    await once(peer, 'data');
    peer.write('two');
    const child = await server.accept();
    await turns(3);

    expect(kept.map(String)).toEqual(['one']);
    child.config.autoRead = true;
    await once(peer, 'data');
    expect(kept.map(String)).toEqual(['one', 'two']);
  });
});

/** Keeps what it reads, and says so with a byte. */
class Keeper {
  readonly #kept: Buffer[];

  constructor(kept: Buffer[]) {
    this.#kept = kept;
  }

  channelRead(ctx: ChannelHandlerContext, bytes: Buffer): void {
    this.#kept.push(bytes);
    ctx.writeAndFlush(Buffer.from('.'));
  }
}

function lengthOf(buffers: readonly Buffer[]): number {
  return buffers.reduce((sum, { length }) => sum + length, 0);
}
