import { expect, it } from 'vitest';
import { BackgroundClock, SystemClock } from '../../src/index.ts';

it('has timers that run, and that do not keep the process alive', async () => {
  const before = timers();
  const timer = new BackgroundClock().schedule(60_000, () => {});
  expect(timers()).toBe(before);
  timer.cancel();

  const other = new SystemClock().schedule(60_000, () => {});
  expect(timers()).toBe(before + 1);
  await new Promise<void>((resolve) => void new BackgroundClock().schedule(0, resolve));

  other.cancel();
});

function timers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}
