import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OpenLoop } from './pace.ts';

describe('an open loop', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  it('sends at even times', () => {
    const loop = new OpenLoop(100, Date.now);
    const planned: number[] = [];
    const begin = Date.now();
    const again = (at: number): void => {
      planned.push(at - begin);
      loop.next(again);
    };
    loop.next(again);
    vi.advanceTimersByTime(30);
    loop.stop();
    vi.advanceTimersByTime(30);

    expect(planned).toEqual([0, 10, 20, 30]);
  });

  it('counts from the moment that was meant for a request which had to wait for a connection', () => {
    const loop = new OpenLoop(100, Date.now);
    const planned: number[] = [];
    const begin = Date.now();
    loop.next((at) => planned.push(at - begin));
    vi.advanceTimersByTime(45);
    loop.next((at) => planned.push(at - begin));
    loop.stop();

    expect(planned).toEqual([0, 10]);
  });
});
