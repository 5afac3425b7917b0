import { EmbeddedChannel, VirtualClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { DeadlineTimer } from '../src/timeout/deadline-timer.ts';

describe('DeadlineTimer', () => {
  it('calls once, when it was last started for', () => {
    const { clock, timer, calls } = open();
    timer.start(100);
    clock.advance(60);
    timer.start(100);
    clock.advance(99);
    expect(calls).toEqual([]);
    clock.advance(1_000);

    expect(calls).toEqual([160]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('can be started for an earlier moment', () => {
    const { clock, timer, calls } = open();
    timer.start(100);
    timer.start(10);
    expect(clock.pendingTimers).toBe(1);
    clock.advance(1_000);

    expect(calls).toEqual([10]);
  });

  it('is moved and stopped without touching the timer of the clock', () => {
    const { clock, timer, calls } = open();
    for (let count = 0; count < 100; count++) {
      timer.start(100);
      timer.stop();
    }
    expect(clock.pendingTimers).toBe(1);
    expect(timer.isRunning).toBe(false);
    clock.advance(1_000);

    expect(calls).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('can be started again when it was due, stopped or cancelled', () => {
    const { clock, timer, calls } = open();
    timer.start(10);
    clock.advance(10);
    timer.start(10);
    timer.cancel();
    expect(clock.pendingTimers).toBe(0);
    timer.start(20);
    clock.advance(20);

    expect(calls).toEqual([10, 30]);
  });
});

function open(): { clock: VirtualClock; timer: DeadlineTimer; calls: number[] } {
  const clock = new VirtualClock();
  const calls: number[] = [];
  const channel = new EmbeddedChannel({ clock });
  return { clock, calls, timer: new DeadlineTimer(channel, () => calls.push(clock.now())) };
}
