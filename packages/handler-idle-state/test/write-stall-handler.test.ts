import type { ChannelHandler } from '@sluice/core';
import { WriteStallHandler, WriteTimeoutError } from '@sluice/handler-idle-state';
import { expect, it } from 'vitest';
import { SlowChannel } from './slow-channel.ts';

it('resets a channel whose peer takes nothing while much waits', () => {
  const { channel, caught } = slow({ timeoutMs: 1_000 });
  channel.writeAndFlush(Buffer.alloc(100_000));
  channel.clock.advance(999);
  expect(channel.isActive).toBe(true);

  channel.clock.advance(1);
  expect(channel.isActive).toBe(false);
  expect(caught).toEqual([new WriteTimeoutError(1_000)]);
});

it('counts from when the peer has taken something, to a tenth of the time', () => {
  const { channel } = slow({ timeoutMs: 1_000 });
  channel.writeAndFlush(Buffer.alloc(200_000));
  channel.consumePart(1);
  channel.clock.advance(1_099);
  expect(channel.isActive).toBe(true);

  channel.clock.advance(1);
  expect(channel.isActive).toBe(false);
});

it('leaves a peer alone that takes a little in each time', () => {
  const { channel } = slow({ timeoutMs: 1_000 });
  channel.writeAndFlush(Buffer.alloc(200_000));
  for (let part = 0; part < 20; part++) {
    channel.clock.advance(900);
    channel.consumePart(1);
  }

  expect(channel.isActive).toBe(true);
});

it('counts the whole time, and a tenth at most, behind a piece that was taken', () => {
  const { channel } = slow({ timeoutMs: 1_000 });
  channel.writeAndFlush(Buffer.alloc(100_000));
  channel.clock.advance(50);
  channel.consume();
  expect(channel.isWritable).toBe(true);
  channel.writeAndFlush(Buffer.alloc(100_000));
  channel.clock.advance(1_000);
  expect(channel.isActive).toBe(true);

  channel.clock.advance(50);
  expect(channel.isActive).toBe(false);
});

it('has one timer for all pieces of a download', () => {
  const { channel } = slow({});
  for (let piece = 0; piece < 100; piece++) {
    channel.writeAndFlush(Buffer.alloc(100_000));
    channel.consume();
  }

  expect(channel.clock.pendingTimers).toBe(1);
});

it('has no timer while little waits, soon after enough was taken, and when the channel has closed', () => {
  const { channel } = slow({});
  channel.writeAndFlush(Buffer.alloc(60_000));
  expect(channel.clock.pendingTimers).toBe(0);
  channel.writeAndFlush(Buffer.alloc(60_000));
  expect(channel.clock.msToNext()).toBe(3_000);
  channel.consume();
  channel.consume();
  channel.clock.advance(3_000);
  expect(channel.isActive).toBe(true);
  expect(channel.clock.pendingTimers).toBe(0);

  channel.writeAndFlush(Buffer.alloc(100_000));
  channel.close();
  expect(channel.clock.pendingTimers).toBe(0);
});

it('waits for ever when its time is 0', () => {
  const { channel } = slow({ timeoutMs: 0 });
  channel.writeAndFlush(Buffer.alloc(100_000));

  expect(channel.clock.pendingTimers).toBe(0);
});

it('leaves a peer alone that takes a little of what the system has, in each half of the time', () => {
  const { channel } = slow({ timeoutMs: 1_000 });
  channel.underWay = 1_000_000;
  channel.writeAndFlush(Buffer.alloc(100_000));
  for (let half = 0; half < 20; half++) {
    channel.clock.advance(500);
    channel.underWay--;
  }

  expect(channel.isActive).toBe(true);
});

it('resets one that takes nothing of it', () => {
  const { channel } = slow({ timeoutMs: 1_000 });
  channel.underWay = 1_000_000;
  channel.writeAndFlush(Buffer.alloc(100_000));
  channel.clock.advance(999);
  expect(channel.isActive).toBe(true);

  channel.clock.advance(1);
  expect(channel.isActive).toBe(false);
});

function slow(options: { readonly timeoutMs?: number }): {
  readonly channel: SlowChannel;
  readonly caught: unknown[];
} {
  const caught: unknown[] = [];
  const taker: ChannelHandler = { exceptionCaught: (_ctx, cause) => void caught.push(cause) };
  return { channel: new SlowChannel(new WriteStallHandler(options), taker), caught };
}
