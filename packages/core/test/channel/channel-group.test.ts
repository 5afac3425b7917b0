import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ChannelGroup, EmbeddedChannel } from '../../src/index.ts';
import type { ChannelHandlerContext } from '../../src/index.ts';

const EVENT = { name: 'event' };

/** A channel that does `action` when an event comes. */
function onEvent(action: () => void): EmbeddedChannel {
  return new EmbeddedChannel({
    userEventTriggered(ctx: ChannelHandlerContext, event: object): void {
      action();
      ctx.fireUserEventTriggered(event);
    },
  });
}

describe('A group of channels', () => {
  it('has those that were added, until they close', () => {
    const group = new ChannelGroup();
    const channels = [new EmbeddedChannel(), new EmbeddedChannel(), new EmbeddedChannel()];
    for (const channel of channels) group.add(channel);

    channels[0]?.close();

    expect(group.size).toBe(2);
    expect(new Set(group)).toEqual(new Set(channels.slice(1)));
  });

  it('lets one go that stays open, once', () => {
    const group = new ChannelGroup();
    const [first, second] = [new EmbeddedChannel(), new EmbeddedChannel()];
    const leave = group.add(first);
    group.add(second);

    leave();
    leave();
    first.close();

    expect([...group]).toEqual([second]);
  });

  it('takes a channel that has closed already as one that closes', () => {
    const group = new ChannelGroup();
    const channel = new EmbeddedChannel();
    channel.close();

    group.add(channel);

    expect(group.size).toBe(0);
  });

  it('fires an event in all, but not in one that closes before its turn', () => {
    const group = new ChannelGroup();
    const told: string[] = [];
    const third = onEvent(() => told.push('third'));
    const first = onEvent(() => {
      told.push('first');
      third.close();
    });
    const second = onEvent(() => told.push('second'));
    for (const channel of [first, second, third]) group.add(channel);

    group.fireUserEventTriggered(EVENT);

    expect(told).toEqual(['first', 'second']);
  });

  it('fires an event once in each, also when some leave meanwhile', () => {
    const group = new ChannelGroup();
    const told: number[] = [];
    const channels = Array.from({ length: 5 }, (_, at) =>
      onEvent(() => {
        told.push(at);
        channels[at]?.close();
      }),
    );
    for (const channel of channels) group.add(channel);

    group.fireUserEventTriggered(EVENT);

    expect(told.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4]);
    expect(group.size).toBe(0);
  });

  it('calls back when the last has left, and at once when there is none', () => {
    const group = new ChannelGroup();
    const [first, second] = [new EmbeddedChannel(), new EmbeddedChannel()];
    group.add(first);
    group.add(second);
    const [early, late] = [vi.fn(), vi.fn()];

    group.whenEmpty(early);
    second.close();
    expect(early).not.toHaveBeenCalled();
    first.close();
    expect(early).toHaveBeenCalledTimes(1);

    group.whenEmpty(late);
    expect(late).toHaveBeenCalledTimes(1);
  });

  it('closes all', async () => {
    const group = new ChannelGroup();
    const channels = [new EmbeddedChannel(), new EmbeddedChannel()];
    for (const channel of channels) group.add(channel);

    await group.close();

    expect(channels.map(({ isOpen }) => isOpen)).toEqual([false, false]);
    expect(group.size).toBe(0);
  });

  it('has what a Set would have, whoever comes and goes in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 7 }), { maxLength: 60 }), (steps) => {
        const group = new ChannelGroup();
        const expected = new Map<EmbeddedChannel, () => void>();
        for (const step of steps) {
          const [channel, leave] = [...expected][step] ?? [];
          if (channel === undefined) {
            const added = new EmbeddedChannel();
            expected.set(added, group.add(added));
          } else {
            expected.delete(channel);
            if (step % 2 === 0) channel.close();
            else leave?.();
          }
        }

        expect(group.size).toBe(expected.size);
        expect(new Set(group)).toEqual(new Set(expected.keys()));
      }),
    );
  });
});
