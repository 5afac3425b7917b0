import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { expect, it, vi } from 'vitest';
import type { ChannelHandlerContext, SocketChannel } from '@sluice/core';
import { deferred, listen, pattern, peerOf, turns } from '../support/sockets.ts';

const KIB = 1024;
const SENT_BYTES = 4096 * KIB;

it('a channel reads no more than 320 KiB before the others get their turn, and all in the end', async () => {
  const whole = deferred<Buffer>();
  const reads = new Reads(whole.resolve);
  const server = await listen(() => [reads]);
  const peer = await peerOf(server);
  const child = await server.accept();
  child.config.autoRead = false;
  const data = pattern(SENT_BYTES);
  peer.write(data);
  await turns(20);
  child.config.autoRead = true;

  expect(Buffer.compare(await whole.promise, data)).toBe(0);
  expect(reads.mostInTurn).toBeGreaterThan(64 * KIB);
  expect(reads.mostInTurn).toBeLessThanOrEqual(320 * KIB);
});

it('of channels that read much, one reads in a turn', async () => {
  const inTurns: number[] = [];
  const wholes = [deferred<Buffer>(), deferred<Buffer>(), deferred<Buffer>()];
  const reads = wholes.map(({ resolve }) => new Reads(resolve));
  const next = reads.values();
  const count = new TurnBytes(inTurns);
  const server = await listen(() => [count, next.next().value ?? {}]);
  const children: SocketChannel[] = [];
  for (let left = reads.length; left > 0; left--) {
    const peer = await peerOf(server);
    const child = await server.accept();
    child.config.autoRead = false;
    peer.write(pattern(SENT_BYTES));
    children.push(child);
  }
  await turns(20);
  for (const child of children) child.config.autoRead = true;
  await Promise.all(wholes.map(({ promise }) => promise));

  // In some turns there is one more: a channel that had read less went on at once.
  const usual = inTurns.toSorted((one, other) => one - other)[inTurns.length >> 1];
  expect(usual).toBeLessThanOrEqual(320 * KIB);
});

it('a channel whose reads are turned off while the others have their turn reads no more', async () => {
  const whole = deferred<Buffer>();
  const reads = new Reads(whole.resolve, 256 * KIB);
  const server = await listen(() => [reads]);
  const peer = await peerOf(server);
  const child = await server.accept();
  child.config.autoRead = false;
  peer.write(pattern(SENT_BYTES));
  await turns(20);
  child.config.autoRead = true;
  while (reads.bytes < 256 * KIB) await turns(1);
  await turns(5);
  const { bytes } = reads;
  await turns(20);

  expect(reads.bytes).toBe(bytes);
  child.config.autoRead = true;
  expect((await whole.promise).length).toBe(SENT_BYTES);
});

it('a channel that answers each 10 KiB that it reads does not wait for turns of others', async () => {
  const server = await listen(() => [new Answers(10 * KIB)]);
  const peer = await peerOf(server);
  const child = await server.accept();
  const takeTurns = vi.spyOn(child.eventLoop, 'takeTurns');
  for (let exchanges = 0; exchanges < 100; exchanges++) {
    peer.write(pattern(10 * KIB));
    await once(peer, 'data');
  }

  expect(takeTurns).not.toHaveBeenCalled();
});

/** Writes a byte for each so many that it has read. */
class Answers {
  readonly #step: number;
  #left: number;

  constructor(step: number) {
    this.#step = step;
    this.#left = step;
  }

  channelRead(context: ChannelHandlerContext, bytes: Buffer): void {
    this.#left -= bytes.length;
    if (this.#left > 0) return;
    this.#left += this.#step;
    context.writeAndFlush(Buffer.from('.'));
  }
}

/** Counts what all channels read in each turn of the event loop, and passes it on. */
class TurnBytes {
  readonly sharable = true;
  readonly #inTurns: number[];
  #inTurn = 0;

  constructor(inTurns: number[]) {
    this.#inTurns = inTurns;
  }

  channelRead(context: ChannelHandlerContext, bytes: Buffer): void {
    if (this.#inTurn === 0) context.channel.eventLoop.nextTurn(() => this.#endTurn());
    this.#inTurn += bytes.length;
    context.fireChannelRead(bytes);
  }

  #endTurn(): void {
    this.#inTurns.push(this.#inTurn);
    this.#inTurn = 0;
  }
}

/** Counts what is read in each turn of the event loop; turns reads off once after so many bytes. */
class Reads {
  readonly #kept: Buffer[] = [];
  readonly #onWhole: (bytes: Buffer) => void;
  #stopsAt: number;
  #inTurn = 0;
  bytes = 0;
  mostInTurn = 0;

  constructor(onWhole: (bytes: Buffer) => void, stopsAt = Infinity) {
    this.#onWhole = onWhole;
    this.#stopsAt = stopsAt;
  }

  channelRead({ channel }: ChannelHandlerContext, bytes: Buffer): void {
    if (this.#inTurn === 0) channel.eventLoop.nextTurn(() => (this.#inTurn = 0));
    this.#kept.push(bytes);
    this.bytes += bytes.length;
    this.#inTurn += bytes.length;
    this.mostInTurn = Math.max(this.mostInTurn, this.#inTurn);
    if (this.bytes >= this.#stopsAt) {
      this.#stopsAt = Infinity;
      channel.eventLoop.execute(() => (channel.config.autoRead = false));
    }
    if (this.bytes === SENT_BYTES) this.#onWhole(Buffer.concat(this.#kept));
  }
}
