import { EmbeddedChannel } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import { CloseOnIdleStateHandler, IdleStateHandler } from '@sluice/handler-idle-state';
import { describeHandler, handlerContract } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { FirstTry } from './write-a-handler/first-try.ts';
import { SecondTry } from './write-a-handler/second-try.ts';

it('closes a channel that is quiet for the whole idle time', () => {
  const channel = new EmbeddedChannel(new FirstTry(1_000), new CloseOnIdleStateHandler());

  channel.clock.advance(900);
  channel.writeInbound('bytes');
  channel.clock.advance(900);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(100);

  expect(channel.isActive).toBe(false);
});

it('shows what is wrong with the first try', () => {
  expect(broken(() => new FirstTry(1_000))).toEqual([
    'leaves no timer when it is removed',
    'does nothing any more when it is removed',
  ]);
});

it('finds nothing wrong with the second', () => {
  expect(broken(() => new SecondTry(1_000))).toEqual([]);
});

it('counts from the end of the last read', () => {
  const channel = new EmbeddedChannel(new SecondTry(1_000), new CloseOnIdleStateHandler());

  channel.clock.advance(900);
  channel.writeInbound('bytes');
  channel.clock.advance(999);
  expect(channel.isActive).toBe(true);
  channel.clock.advance(1);

  expect(channel.isActive).toBe(false);
});

describeHandler({ describe, it }, () => new IdleStateHandler({ allIdleMs: 1_000 }));

function broken(make: () => ChannelHandler): readonly string[] {
  return handlerContract(make)
    .filter(({ run }) => fails(run))
    .map(({ rule }) => rule);
}

function fails(run: () => void): boolean {
  try {
    run();
    return false;
  } catch {
    return true;
  }
}
