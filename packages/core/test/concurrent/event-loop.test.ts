import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it } from 'vitest';
import { EmbeddedChannel, NodeEventLoop, SystemClock, VirtualClock } from '@sluice/core';
import { collectGarbage } from '../../../../test/support/collect-garbage.ts';
import { MemoryLogger } from '../support/recorder.ts';

// The rows of the event loop about threads, quiet periods and rejected tasks are left out: there is one thread.

it('runs tasks in order after the event that gave them, those given by tasks last', async () => {
  const loop = new NodeEventLoop(new VirtualClock());
  const log: string[] = [];
  loop.execute(() => {
    log.push('a');
    loop.execute(() => log.push('c'));
  });
  loop.execute(() => log.push('b'));
  log.push('event');
  await new Promise<void>((resolve) => loop.nextTurn(resolve));

  expect(log).toEqual(['event', 'a', 'b', 'c']);
});

it('lets I/O have its turn when tasks don’t end', async () => {
  const loop = new NodeEventLoop(new VirtualClock());
  let ran = 0;
  let stopped = false;
  const again = (): void => {
    ran++;
    if (!stopped) loop.execute(again);
  };
  loop.execute(again);
  await new Promise<void>((resolve) => setImmediate(resolve));
  stopped = true;
  await new Promise<void>((resolve) => loop.nextTurn(resolve));

  expect(ran).toBeGreaterThanOrEqual(1000);
  expect(ran).toBeLessThan(10_000);
});

it('gives what nextTurn is given by a task to the turn after', async () => {
  const loop = new NodeEventLoop(new VirtualClock());
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    loop.nextTurn(() => {
      log.push('first turn');
      loop.nextTurn(() => {
        log.push('second turn');
        resolve();
      });
      loop.execute(() => log.push('task of the first turn'));
    });
  });

  expect(log).toEqual(['first turn', 'task of the first turn', 'second turn']);
});

it('runs one of those that take turns in each turn, in their order', async () => {
  const loop = new NodeEventLoop(new VirtualClock());
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    loop.takeTurns(() => {
      log.push('a');
      loop.takeTurns(resolve);
    });
    loop.takeTurns(() => log.push('b'));
    loop.nextTurn(() => {
      log.push('first turn');
      loop.nextTurn(() => log.push('second turn'));
    });
  });

  expect(log).toEqual(['a', 'first turn', 'b', 'second turn']);
});

it('an embedded channel runs all that take turns', () => {
  const channel = new EmbeddedChannel();
  const log: string[] = [];
  channel.eventLoop.takeTurns(() => {
    log.push('a');
    channel.eventLoop.takeTurns(() => log.push('c'));
  });
  channel.eventLoop.takeTurns(() => log.push('b'));
  channel.runPendingTasks();

  expect(log).toEqual(['a', 'b', 'c']);
});

it('keeps nothing of the tasks that it has run, also when it never runs out of them', async () => {
  const loop = new NodeEventLoop(new VirtualClock());
  const given: WeakRef<object>[] = [];
  let stopped = false;
  const give = (): void => {
    const what = { ran: false };
    given.push(new WeakRef(what));
    loop.nextTurn(() => (what.ran = true));
    if (!stopped) loop.nextTurn(give);
  };
  give();
  while (given.length < 10) await new Promise<void>((resolve) => setImmediate(resolve));
  collectGarbage();
  const kept = given.slice(0, 5).map((reference) => reference.deref());
  stopped = true;

  expect(kept).toEqual(kept.map(() => undefined));
});

it('logs the error of a task or timer and goes on', async () => {
  const logger = new MemoryLogger();
  const clock = new VirtualClock();
  const loop = new NodeEventLoop(clock, logger);
  const log: string[] = [];
  const fail = (): never => {
    throw new Error('no');
  };
  loop.execute(fail);
  loop.execute(() => log.push('next'));
  loop.schedule(1, fail);
  await new Promise<void>((resolve) => loop.nextTurn(resolve));
  clock.advance(1);
  await new Promise<void>((resolve) => loop.nextTurn(resolve));

  expect(log).toEqual(['next']);
  expect(logger.lines).toEqual([
    'warn A task of an event loop threw.',
    'warn A task of an event loop threw.',
  ]);
});

it('the system clock runs a task after its delay, and takes one longer than setTimeout can hold', async () => {
  const clock = new SystemClock();
  const before = clock.now();
  let early = false;
  const far = clock.schedule(2 ** 40, () => (early = true));
  await new Promise<void>((resolve) => clock.schedule(0, resolve));
  far.cancel();
  far.refresh();

  expect(early).toBe(false);
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(clock.epochMs()).toBeGreaterThan(1_600_000_000_000);
});

it('gives one reading of the system clock for a turn, which no other reading in it is behind', async () => {
  const clock = new SystemClock();
  const first = clock.turnNow();
  while (performance.now() === first);
  expect(clock.turnNow()).toBe(first);
  const read = clock.now();
  expect(read).toBeGreaterThan(first);
  expect(clock.turnNow()).toBe(read);
  await new Promise((resolve) => setImmediate(resolve));

  expect(clock.turnNow()).toBeGreaterThan(read);
});

it('reads what came while the process stood still before a timer says that nothing came', async () => {
  const loop = new NodeEventLoop(new SystemClock());
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [socket] = (await once(server, 'connection')) as [Socket];
  const log: string[] = [];
  socket.on('data', () => log.push('bytes'));
  await new Promise<void>((resolve) => {
    loop.nextTurn(() => {
      loop.schedule(1, () => {
        log.push('timer');
        resolve();
      });
      client.write('late');
      standStill(20);
    });
  });
  client.destroy();
  socket.destroy();
  server.close();

  expect(log).toEqual(['bytes', 'timer']);
});

it('does not run a timer that is cancelled by what was read in the turn in which it was due', async () => {
  const loop = new NodeEventLoop(new SystemClock());
  const log: string[] = [];
  await new Promise<void>((resolve) => {
    const cancelled = loop.schedule(1, () => log.push('cancelled'));
    loop.clock.schedule(1, () => cancelled.cancel());
    loop.schedule(2, resolve);
    standStill(20);
  });

  expect(log).toEqual([]);
});

/** Blocks the event loop, as a stopped process does. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
