import { expect, it } from 'vitest';
import { VirtualClock } from '@sluice/core';

it('runs each task at its own time, in the order of the times, ties in the order of coming', () => {
  const clock = new VirtualClock();
  const log: string[] = [];
  const at = (ms: number, name: string): unknown =>
    clock.schedule(ms, () => log.push(`${name}@${clock.now()}`));
  at(20, 'late');
  at(10, 'first');
  at(10, 'second');
  clock.schedule(5, () => at(2, 'nested'));
  clock.advance(19);

  expect(log).toEqual(['nested@7', 'first@10', 'second@10']);
  expect([clock.now(), clock.msToNext(), clock.pendingTimers]).toEqual([19, 1, 1]);
});

it('stands still until it is unfrozen, then goes on with real time from where it stood', () => {
  let real = 1_000;
  const clock = new VirtualClock(() => real);
  clock.advance(5);
  real += 100;
  expect(clock.now()).toBe(5);
  clock.unfreeze();
  real += 7;
  expect(clock.now()).toBe(12);
  clock.freeze();
  real += 100;
  expect([clock.now(), clock.epochMs()]).toEqual([12, 12]);
});

it('runs what falls due by advance while unfrozen', () => {
  const clock = new VirtualClock(() => 0);
  clock.unfreeze();
  let ran = 0;
  clock.schedule(10, () => ran++);
  clock.advance(9);
  expect(ran).toBe(0);
  clock.advance(1);
  expect(ran).toBe(1);
});

it('never goes back, also when a task moves time further', () => {
  const clock = new VirtualClock();
  clock.schedule(1, () => clock.advance(50));
  clock.advance(10);

  expect(clock.now()).toBe(51);
  expect(() => clock.advance(-1)).toThrow(RangeError);
});

it('starts a timer anew by refresh, also one that has run, but not one that was cancelled', () => {
  const clock = new VirtualClock();
  let ran = 0;
  const timer = clock.schedule(10, () => ran++);
  clock.advance(9);
  timer.refresh();
  clock.advance(9);
  expect(ran).toBe(0);
  clock.advance(1);
  timer.refresh();
  clock.advance(10);
  expect(ran).toBe(2);

  timer.refresh();
  timer.cancel();
  timer.refresh();
  clock.advance(100);
  expect(ran).toBe(2);
  expect(clock.runDue()).toBe(-1);
});
