import { expect, it } from 'vitest';
import type { ChannelHandlerContext } from '@sluice/core';
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
