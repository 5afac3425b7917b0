import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { expect, it } from 'vitest';
import { SlowChannel } from './slow-channel.ts';

it('while it takes what the system has, though no write is completed', () => {
  const channel = waiting();
  channel.underWay = 100;
  for (; channel.underWay > 90; channel.underWay--) channel.clock.advance(1_000);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(2_000);

  expect(channel.isActive).toBe(false);
});

it('but is when it takes none of it in the time after the first look', () => {
  const channel = waiting();
  channel.underWay = 100;
  channel.clock.advance(1_999);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(1);

  expect(channel.isActive).toBe(false);
});

it('but is at once where the system does not tell', () => {
  const channel = waiting();
  channel.clock.advance(1_000);

  expect(channel.isActive).toBe(false);
});

it('but is at once when nothing waits for it', () => {
  const channel = new SlowChannel(new IdleStateHandler({ allIdleMs: 1_000 }), new CloseOnIdleStateHandler());
  channel.underWay = 100;
  channel.clock.advance(1_000);

  expect(channel.isActive).toBe(false);
});

/** A channel with a write that its peer does not complete. */
function waiting(): SlowChannel {
  const channel = new SlowChannel(new IdleStateHandler({ allIdleMs: 1_000 }), new CloseOnIdleStateHandler());
  channel.writeAndFlush(Buffer.alloc(10));
  return channel;
}
