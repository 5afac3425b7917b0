import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import type { ChannelHandler } from '@sluice/core';
import { IDLE_STATE_SUSPENDED, IdleStateEvent, IdleStateHandler } from '@sluice/handler-idle-state';
import type { IdleState } from '@sluice/handler-idle-state';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IdleEvents } from './idle-events.ts';
import { SlowChannel } from './slow-channel.ts';

const OFF = { readerIdleMs: 0, writerIdleMs: 0, allIdleMs: 0 };
const MODES = [
  { state: 'READER_IDLE', options: { ...OFF, readerIdleMs: 1_000 } },
  { state: 'WRITER_IDLE', options: { ...OFF, writerIdleMs: 1_000 } },
  { state: 'ALL_IDLE', options: { ...OFF, allIdleMs: 1_000 } },
] as const;

describe.each(MODES)('IdleStateHandler: $state', ({ state, options }) => {
  it('I-01: fires a first event, then the same repeat object each idle time', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(options), events);

    channel.clock.advance(999);
    expect(events.seen).toEqual([]);
    channel.clock.advance(1);
    expect(events.seen).toEqual([IdleStateEvent.of(state, true)]);
    channel.clock.advance(2_000);

    expect(events.seen).toEqual([true, false, false].map((isFirst) => IdleStateEvent.of(state, isFirst)));
    expect(events.seen[2]).toBe(events.seen[1]);
  });

  it('I-02: counts from the last activity', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(options), events);
    channel.clock.advance(500);
    act(channel, state);

    channel.clock.advance(999);
    expect(events.seen).toEqual([]);
    channel.clock.advance(1);
    expect(events.seen).toEqual([IdleStateEvent.of(state, true)]);
  });

  it('I-03: counts from a reset', () => {
    const events = new IdleEvents();
    const handler = new IdleStateHandler(options);
    const channel = new EmbeddedChannel(handler, events);
    channel.clock.advance(500);
    if (state === 'WRITER_IDLE') handler.resetWriteTimeout();
    else handler.resetReadTimeout();

    channel.clock.advance(999);
    expect(events.seen).toEqual([]);
    channel.clock.advance(1);
    expect(events.seen).toEqual([IdleStateEvent.of(state, true)]);
  });

  it('marks the first event after activity as first again', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(options), events);
    channel.clock.advance(2_000);
    act(channel, state);
    channel.clock.advance(1_000);

    expect(events.seen.map(({ isFirst }) => isFirst)).toEqual([true, false, true]);
  });

  it('counts no time as idle while it is suspended', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(options), events);
    channel.attr(IDLE_STATE_SUSPENDED).set(true);
    channel.clock.advance(5_000);
    expect(events.seen).toEqual([]);
    channel.attr(IDLE_STATE_SUSPENDED).set(undefined);

    channel.clock.advance(1_000);
    expect(events.seen).toEqual([IdleStateEvent.of(state, true)]);
  });

  it('I-07: fires nothing once it is removed, and leaves no timer', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(options), events);
    channel.pipeline.remove(IdleStateHandler);

    expect(channel.clock.pendingTimers).toBe(0);
    channel.clock.advance(5_000);
    expect(events.seen).toEqual([]);
  });

  it('leaves no timer when the channel closes', () => {
    const clock = new VirtualClock();
    const channel = new EmbeddedChannel({ clock, handlers: [new IdleStateHandler(options)] });
    expect(clock.pendingTimers).toBe(1);

    channel.close();
    expect(clock.pendingTimers).toBe(0);
  });

  it('I-10: goes on after a handler has thrown at the event', () => {
    let calls = 0;
    const thrower: ChannelHandler = {
      userEventTriggered: () => {
        calls++;
        throw new Error('no');
      },
    };
    const channel = new EmbeddedChannel(new IdleStateHandler(options), thrower);

    channel.clock.advance(1_000);
    expect(() => channel.checkException()).toThrow('no');
    channel.clock.advance(1_000);
    expect(() => channel.checkException()).toThrow('no');
    expect(calls).toBe(2);
  });

  it('I-11: tells only the handlers after it', () => {
    const before = new IdleEvents();
    const after = new IdleEvents();
    const channel = new EmbeddedChannel(before, new IdleStateHandler(options), after);
    channel.clock.advance(1_000);

    expect(before.seen).toEqual([]);
    expect(after.seen).toHaveLength(1);
  });

  it('I-14: schedules at most one timer in each idle time under constant traffic', () => {
    const clock = new CountingClock();
    const channel = new EmbeddedChannel({ clock, handlers: [new IdleStateHandler(options)] });
    for (let period = 0; period < 10; period++) {
      for (let at = 0; at < 1_000; at++) {
        act(channel, state);
        clock.advance(1);
      }
      channel.releaseInbound();
      channel.releaseOutbound();
    }

    expect(clock.scheduled).toBeGreaterThan(1);
    expect(clock.scheduled).toBeLessThanOrEqual(11);
  });
});

describe('IdleStateHandler', () => {
  it.each([0, -1, Number.NaN])('I-05: %d switches a mode off', (ms) => {
    const channel = new EmbeddedChannel(
      new IdleStateHandler({ readerIdleMs: ms, writerIdleMs: ms, allIdleMs: ms }),
    );

    expect(channel.clock.pendingTimers).toBe(0);
  });

  it('I-05: raises the smallest time to a millisecond', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler({ ...OFF, readerIdleMs: 0.000_001 }), events);
    channel.clock.advance(10);

    expect(events.seen).toHaveLength(10);
  });

  it('has an idle time of 65 s for both directions together by default', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler(), events);
    channel.clock.advance(65_000);

    expect(events.seen).toEqual([IdleStateEvent.FIRST_ALL_IDLE]);
  });

  it('I-06: starts once, when added to an active channel', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel();
    channel.pipeline.addHandlersLast(new IdleStateHandler({ allIdleMs: 1_000 }), events);
    channel.pipeline.fireChannelActive();

    expect(channel.clock.pendingTimers).toBe(1);
    channel.clock.advance(1_000);
    expect(events.seen).toHaveLength(1);
  });

  it('I-06: starts when the channel becomes active', () => {
    const handlers = [new IdleStateHandler({ allIdleMs: 1_000 })];
    const channel = new EmbeddedChannel({ register: false, handlers });
    expect(channel.isActive).toBe(false);

    channel.register();
    expect(channel.clock.pendingTimers).toBe(1);
  });

  it('I-08: is not idle during a burst of reads', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler({ allIdleMs: 0, readerIdleMs: 1_000 }), events);
    channel.writeOneInbound('part');
    channel.clock.advance(3_500);
    expect(events.seen).toEqual([]);

    channel.flushInbound();
    channel.clock.advance(1_000);
    expect(events.seen).toEqual([IdleStateEvent.FIRST_READER_IDLE]);
  });

  it('I-09: counts a failed write as activity, and a flush alone not', () => {
    const events = new IdleEvents();
    const failing: ChannelHandler = {
      write: () => {
        throw new Error('no');
      },
    };
    const channel = new EmbeddedChannel(
      failing,
      new IdleStateHandler({ allIdleMs: 0, writerIdleMs: 1_000 }),
      events,
    );
    channel.clock.advance(500);
    channel.write('a', channel.newPromise());
    channel.clock.advance(500);
    channel.write('b');
    expect(() => channel.checkException()).toThrow('no');
    channel.clock.advance(999);
    channel.flush();
    expect(events.seen).toEqual([]);
    channel.clock.advance(1);

    expect(events.seen).toEqual([IdleStateEvent.FIRST_WRITER_IDLE]);
  });

  it('I-12: either direction alone keeps a channel from being idle in both', () => {
    const events = new IdleEvents();
    const channel = new EmbeddedChannel(new IdleStateHandler({ allIdleMs: 1_000 }), events);
    for (const direction of ['READER_IDLE', 'WRITER_IDLE', 'READER_IDLE', 'WRITER_IDLE'] as const) {
      channel.clock.advance(900);
      act(channel, direction);
    }
    expect(events.seen).toEqual([]);

    channel.clock.advance(1_000);
    expect(events.seen).toEqual([IdleStateEvent.FIRST_ALL_IDLE]);
  });

  it('gives every write the promise that it was given, and none where there was none', () => {
    const promises: unknown[] = [];
    const spy: ChannelHandler = {
      write: (_ctx: never, _message: never, promise: unknown) => void promises.push(promise),
    };
    const channel = new EmbeddedChannel(spy, new IdleStateHandler({ writerIdleMs: 1_000 }));
    const promise = channel.newPromise();
    channel.write('a');
    channel.write('b', promise);
    channel.write('c', channel.voidPromise());

    expect(promises).toEqual([undefined, promise, channel.voidPromise()]);
  });

  it('counts a write without a promise when it was sent, not when it was written', () => {
    const events = new IdleEvents();
    const channel = new SlowChannel(new IdleStateHandler({ allIdleMs: 1_000 }), events);
    channel.clock.advance(500);
    channel.writeAndFlush('waits');
    channel.clock.advance(500);
    expect(events.seen).toEqual([IdleStateEvent.FIRST_ALL_IDLE]);

    channel.clock.advance(100);
    channel.consume();
    channel.flush();
    channel.clock.advance(999);
    expect(events.seen).toHaveLength(1);
    channel.clock.advance(1);
    expect(events.seen).toHaveLength(2);
  });

  it('sees that a write nobody asked about was sent, whatever was written behind it meanwhile', () => {
    const events = new IdleEvents();
    const channel = new SlowChannel(new IdleStateHandler({ allIdleMs: 1_000 }), events);
    channel.writeAndFlush('unasked');
    channel.clock.advance(500);
    channel.write('another', channel.newPromise());
    channel.clock.advance(100);
    channel.consume();
    channel.clock.advance(999);

    expect(events.seen).toEqual([]);
  });

  it('never fires within the idle time of a completion, whether or not it was asked for', () => {
    const step = fc.record({
      ms: fc.integer({ min: 0, max: 700 }),
      action: fc.constantFrom('read', 'write', 'write asked', 'consume', 'flush'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const events = new IdleEvents();
        const channel = new SlowChannel(new IdleStateHandler({ allIdleMs: 1_000 }), events);
        let activeAt = 0;
        for (const { ms, action } of steps) {
          channel.clock.advance(ms);
          if (action === 'read') channel.writeInbound('in');
          else if (action === 'write') channel.write('out');
          else if (action === 'write asked') channel.write('out', channel.newPromise());
          else if (action === 'flush') channel.flush();
          if (action === 'read' || (action === 'consume' && channel.consume()))
            activeAt = channel.clock.now();
          const tooEarly = events.times.filter((at) => at > activeAt && at < activeAt + 1_000);
          expect(tooEarly).toEqual([]);
        }
        const before = events.seen.length;
        channel.clock.advance(2_000);
        expect(events.seen.length).toBeGreaterThan(before);
      }),
      { numRuns: 200 },
    );
  });
});

class CountingClock extends VirtualClock {
  scheduled = 0;

  override schedule(delayMs: number, task: () => void): ReturnType<VirtualClock['schedule']> {
    this.scheduled++;
    return super.schedule(delayMs, task);
  }
}

function act(channel: EmbeddedChannel, state: IdleState): void {
  if (state === 'WRITER_IDLE') channel.writeAndFlush('out');
  else channel.writeInbound('in');
}
