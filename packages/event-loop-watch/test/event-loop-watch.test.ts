import { VirtualClock } from '@sluice/core';
import { EventLoopWatch } from '@sluice/event-loop-watch';
import type { LoopBlock } from '@sluice/event-loop-watch';
import { expect, it } from 'vitest';

it('tells of a loop that could not run its timers for the limit, a moment after', () => {
  const { blocks, pass } = watched(100);

  pass(25, 25, 150, 25);
  expect(blocks).toEqual([{ durationMs: 125, running: undefined }]);
});

it('says nothing of shorter turns, however many', () => {
  const { blocks, pass } = watched(100);

  pass(99, 99, 99, 99, 30, 25);
  expect(blocks).toEqual([]);
});

it('tells of each of two blocks in a row', () => {
  const { blocks, pass } = watched(100);

  pass(200, 300, 25, 25);
  expect(blocks.map(({ durationMs }) => durationMs)).toEqual([175, 275]);
});

it('has no timer left once it is closed', () => {
  const { watch, clock, blocks, pass } = watched(100);
  pass(200);
  watch.close();

  pass(500);
  expect(clock.pendingTimers).toBe(0);
  expect(blocks).toEqual([]);
});

it('looks four times in its limit', () => {
  expect(watched(200).clock.msToNext()).toBe(50);
});

it.each([0, 19, -1, Number.NaN])('refuses a limit of %d ms', (blockedAfterMs) => {
  const services = { clock: new VirtualClock(), onBlock: () => {} };

  expect(() => new EventLoopWatch({ blockedAfterMs }, services)).toThrow(
    `blockedAfterMs: found ${blockedAfterMs}, expected 20 or more.`,
  );
});

interface Watched {
  readonly watch: EventLoopWatch;
  readonly clock: VirtualClock;
  readonly blocks: readonly LoopBlock[];
  /** Turns of the loop, each of so many ms, at the end of which timers run. */
  readonly pass: (...turnsMs: readonly number[]) => void;
}

function watched(blockedAfterMs: number): Watched {
  const blocks: LoopBlock[] = [];
  let now = 0;
  const clock = new VirtualClock(() => now);
  clock.unfreeze();
  const onBlock = (block: LoopBlock): void => void blocks.push(block);
  const watch = new EventLoopWatch({ blockedAfterMs, looksAtStack: false }, { clock, onBlock }).start();
  const pass = (...turnsMs: readonly number[]): void => {
    for (const ms of turnsMs) {
      now += ms;
      clock.runDue();
    }
  };
  return { watch, clock, blocks, pass };
}
