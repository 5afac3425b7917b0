import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/index.ts';
import { QuietTimer } from '../../src/files/quiet-timer.ts';

describe('QuietTimer', () => {
  it('waits until all has been quiet', () => {
    const { clock, timer, calls } = bench();
    timer.stir();
    clock.advance(99);
    timer.stir();
    clock.advance(99);
    expect(calls).toEqual([]);

    clock.advance(1);

    expect(calls).toEqual([199]);
  });

  it('waits four intervals at most, however often it is stirred', () => {
    const { clock, timer, calls } = bench();
    for (let at = 0; at < 1000; at += 50) {
      timer.stir();
      clock.advance(50);
    }

    expect(calls).toEqual([400, 800]);
  });

  it('begins anew after it was cancelled', () => {
    const { clock, timer, calls } = bench();
    timer.stir();
    clock.advance(90);
    timer.cancel();
    timer.stir();
    clock.advance(1000);

    expect(calls).toEqual([190]);
  });
});

function bench() {
  const clock = new VirtualClock();
  const calls: number[] = [];
  return { clock, calls, timer: new QuietTimer(clock, 100, () => calls.push(clock.now())) };
}
