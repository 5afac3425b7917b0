import { silentLogger, VirtualClock } from '@sluice/core';
import type { Logger } from '@sluice/core';
import { BatchWriter } from '@sluice/handler-access-log';
import type { LogDestination } from '@sluice/handler-access-log';
import { expect, it } from 'vitest';

it('a close gives up what is not written in time, and counts it', async () => {
  const clock = new VirtualClock();
  const warnings: unknown[] = [];
  const logger: Logger = { ...silentLogger, warn: (fields) => void warnings.push(fields) };
  const dropped: number[] = [];
  const destination = new StalledDestination(6);
  const writer = new BatchWriter(destination, { clock, logger, onDrop: (lines) => void dropped.push(lines) });
  for (const line of ['one\n', 'two\n', 'three\n']) writer.write(line);
  await destination.stalled;
  writer.write('four\n');

  const closed = writer.close();
  clock.advance(2_999);
  expect(dropped).toEqual([]);
  clock.advance(1);
  await closed;

  expect(dropped).toEqual([3]);
  expect(warnings).toEqual([{ lines: 3 }]);
});

it('what is given up is not lost twice when its write fails after that', async () => {
  const clock = new VirtualClock();
  const destination = new StalledDestination(0);
  const writer = new BatchWriter(destination, { clock, logger: silentLogger, closeTimeoutMs: 10 });
  writer.write('one\n');
  await destination.stalled;
  const closed = writer.close();
  clock.advance(10);
  await closed;
  destination.fail(new Error('broken pipe'));
  await destination.closed;

  expect(writer.droppedLines).toBe(1);
  expect(clock.pendingTimers).toBe(0);
});

/** Takes so many bytes of the first write, and no more. */
class StalledDestination implements LogDestination {
  readonly stalled: Promise<void>;
  readonly closed: Promise<void>;
  fail: (cause: Error) => void = () => {};
  #taken: number;
  #stall: () => void = () => {};
  #end: () => void = () => {};

  constructor(bytes: number) {
    this.#taken = bytes;
    this.stalled = new Promise((resolve) => (this.#stall = resolve));
    this.closed = new Promise((resolve) => (this.#end = resolve));
  }

  write(): Promise<number> {
    const taken = this.#taken;
    this.#taken = 0;
    if (taken > 0) return Promise.resolve(taken);
    this.#stall();
    return new Promise((_resolve, reject) => (this.fail = reject));
  }

  reopen(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#end();
    return Promise.resolve();
  }
}
