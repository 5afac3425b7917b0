import { VirtualClock } from '@sluice/core';
import { IdleStateEvent, IdleStateHandler } from '@sluice/handler-idle-state';
import { describe, expect, it } from 'vitest';
import { IdleEvents } from './idle-events.ts';
import { SlowChannel } from './slow-channel.ts';

describe.each([
  { state: 'WRITER_IDLE', options: { allIdleMs: 0, writerIdleMs: 5_000 } },
  { state: 'ALL_IDLE', options: { allIdleMs: 5_000 } },
] as const)('IdleStateHandler with observeOutput: $state', ({ state, options }) => {
  it('I-04: is not idle while bytes are sent, except at the first event of an idle time', () => {
    const events = new IdleEvents();
    const clock = new VirtualClock(() => 0);
    clock.unfreeze();
    const handlers = [new IdleStateHandler({ ...options, observeOutput: true }), events];
    const channel = new SlowChannel({ clock, handlers });
    for (const size of [1, 1, 1, 5 * 1024]) channel.writeAndFlush(Buffer.alloc(size), channel.newPromise());
    const at = (second: number): number => {
      clock.advance(second * 1_000 - clock.now());
      return events.take();
    };
    const consumeAt = (second: number): void => {
      at(second);
      channel.consume();
    };
    const consumePartAt = (second: number): number => {
      const count = at(second);
      channel.consumePart(1024);
      return count;
    };

    expect(at(5)).toBe(1);
    expect(events.seen).toEqual([IdleStateEvent.of(state, true)]);
    consumeAt(9);
    expect(at(11)).toBe(0);
    consumeAt(13);
    expect(at(17)).toBe(0);
    expect(at(22)).toBe(1);
    consumeAt(24);
    expect(at(25)).toBe(0);
    expect(consumePartAt(27) + consumePartAt(29) + at(30)).toBe(1);
    expect(consumePartAt(32) + consumePartAt(34) + at(35)).toBe(0);
    expect(consumePartAt(37) + at(40)).toBe(0);
    expect(at(42)).toBe(1);
  });
});
