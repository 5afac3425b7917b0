import { silentLogger, VirtualClock } from '@sluice/core';
import { describe, expect, it } from 'vitest';
import { WorkerError, WorkerSupervisor } from '../src/index.ts';
import type { WorkerEnd, WorkerSupervisorOptions } from '../src/index.ts';
import { FakeProcesses } from './fake-processes.ts';

describe('the start', () => {
  it('is over when all workers are ready, with what they say in their order', async () => {
    const { supervisor, processes } = supervise({ workers: 2 });
    const started = outcome(supervisor.start());

    processes.at(0).says({ type: 'hello' });
    processes.at(1).says({ type: 'ready', info: 'two' });
    await settle();
    expect(started.value).toBeUndefined();
    processes.at(0).says({ type: 'ready', info: 'one' });
    await settle();

    expect(started.value).toEqual(['one', 'two']);
    expect(processes.at(0).sent).toEqual([{ type: 'start', data: 'for 1' }]);
  });

  it('fails with the words of a worker that can not start, and ends the others', async () => {
    const { supervisor, processes } = supervise({ workers: 2 });
    const started = outcome(supervisor.start());
    processes.at(1).says({ type: 'ready', info: '' });

    processes.at(0).says({ type: 'failed', failure: { message: 'The port is taken.', exitCode: 2 } });
    processes.at(0).exits(2);
    await settle();

    expect(started.error).toMatchObject({
      code: 'SLUICE_WORKER',
      message: 'The port is taken.',
      exitCode: 2,
    });
    expect(processes.all.map(({ isAlive }) => isAlive)).toEqual([false, false]);
  });

  it('tries a worker that crashes again, and fails when it has crashed too often', async () => {
    const { supervisor, processes, clock } = supervise({ maxStartFailures: 3, minBackoffMs: 10 });
    const started = outcome(supervisor.start());
    for (const delayMs of [10, 20, 0]) {
      processes.last.exits(undefined, 'SIGSEGV');
      await settle();
      clock.advance(delayMs);
    }
    await settle();

    expect(processes.all).toHaveLength(3);
    expect(started.error?.message).toContain('3 times in a row. It ended by SIGSEGV.');
    expect(clock.pendingTimers).toBe(0);
  });

  it('kills a worker that is not ready in time, and says so', async () => {
    const { supervisor, processes, clock } = supervise({ startTimeoutMs: 500 });
    const started = outcome(supervisor.start());

    clock.advance(500);
    await settle();

    expect(processes.last.isAlive).toBe(false);
    expect(started.error?.message).toBe('Worker 1 was not ready within 500 ms.');
  });

  it.each(['drain', 'kill'] as const)(
    'is over with those that are ready when it is told to %s',
    async (how) => {
      const { supervisor, processes } = supervise({ workers: 3 });
      const started = outcome(supervisor.start());
      processes.at(1).says({ type: 'ready', info: 'two' });
      await settle();

      void supervisor[how]();
      await settle();

      expect(started.value).toEqual(['two']);
    },
  );
});

describe('a worker that ends unasked', () => {
  it('is replaced after ever longer waits, up to a limit', async () => {
    const { supervisor, processes, clock } = await running({ minBackoffMs: 100, maxBackoffMs: 300 });

    for (const delayMs of [100, 200, 300, 300]) {
      const before = processes.all.length;
      processes.last.exits(1);
      await settle();
      clock.advance(delayMs - 1);
      expect(processes.all).toHaveLength(before);
      clock.advance(1);
      expect(processes.all).toHaveLength(before + 1);
      processes.last.says({ type: 'ready', info: '' });
      await settle();
    }
    expect(supervisor.restarts).toBe(4);
  });

  it('is replaced as the first time when it has run for a while', async () => {
    const { processes, clock } = await running({ minBackoffMs: 100, stableMs: 1000 });
    processes.last.exits(1);
    await settle();
    clock.advance(100);
    processes.last.says({ type: 'ready', info: '' });
    await settle();

    clock.advance(1000);
    processes.last.exits(1);
    await settle();
    clock.advance(100);

    expect(processes.all).toHaveLength(3);
  });

  it('is killed and replaced when its event loop stands still, but not sooner', async () => {
    const { supervisor, processes, clock, ends } = await running({ workers: 2, hungTimeoutMs: 5_000 });
    clock.advance(60_000);
    processes.at(0).isHung = true;
    clock.advance(4_999);
    expect(processes.at(0).isAlive).toBe(true);

    clock.advance(1_001);
    await settle();
    expect(processes.at(0).isAlive).toBe(false);
    expect(ends).toMatchObject([{ wasHung: true, signal: 'SIGKILL' }]);
    clock.advance(100);
    expect(processes.all).toHaveLength(3);
    expect(supervisor.restarts).toBe(1);
    expect(processes.at(1).isAlive).toBe(true);
  });

  it('is left alone when it stands still for less, again and again, and for ever with a time of 0', async () => {
    const { processes, clock } = await running({ hungTimeoutMs: 5_000 });
    for (let times = 0; times < 10; times++) {
      processes.last.isHung = true;
      clock.advance(4_000);
      processes.last.isHung = false;
      clock.advance(1_000);
    }
    expect(processes.last.isAlive).toBe(true);

    const { processes: unwatched, clock: other } = await running({ hungTimeoutMs: 0 });
    unwatched.last.isHung = true;
    other.advance(1_000_000);
    expect(unwatched.last.isAlive).toBe(true);
  });

  it('leaves the others alone', async () => {
    const { supervisor, processes } = await running({ workers: 2 });

    processes.at(0).exits(undefined, 'SIGKILL');
    await settle();

    expect(supervisor.workers.map(({ id }) => id)).toEqual([2]);
    expect(processes.at(1).told).toEqual([]);
  });

  it('is told of as a failure when it can not be started again', async () => {
    const { supervisor, processes, clock, failures } = await running({ workers: 2, maxStartFailures: 2 });
    processes.at(0).exits(1);
    await settle();
    for (const exitCode of [3, 3]) {
      clock.advance(10_000);
      processes.last.says({ type: 'failed', failure: { message: 'No files left.', exitCode } });
      processes.last.exits(exitCode);
      await settle();
    }

    expect(failures).toHaveLength(1);
    expect(failures[0]).toMatchObject({ exitCode: 3 });
    expect(failures[0]?.message).toContain('No files left.');
    expect(supervisor.workers.map(({ id }) => id)).toEqual([2]);
  });
});

describe('the drain', () => {
  it('is over when all workers have ended, with what they said last', async () => {
    const { supervisor, processes, ends } = await running({ workers: 2 });
    const drained = outcome(supervisor.drain());
    await settle();
    expect(processes.all.map(({ told }) => told)).toEqual([['drain'], ['drain']]);

    processes.at(0).says({ type: 'drained', report: 'nothing lost' });
    processes.at(0).exits(0);
    await settle();
    expect(drained.isSettled).toBe(false);
    processes.at(1).exits(0);
    await settle();

    expect(drained.isSettled).toBe(true);
    expect(ends.map(({ report }) => report)).toEqual(['nothing lost', undefined]);
  });

  it('starts none in the place of one that crashes or waits for its restart', async () => {
    const { supervisor, processes, clock } = await running({ workers: 2 });
    processes.at(0).exits(1);
    await settle();
    const drained = outcome(supervisor.drain());
    processes.at(1).exits(undefined, 'SIGSEGV');
    await settle();
    clock.advance(60_000);

    expect(drained.isSettled).toBe(true);
    expect(processes.all).toHaveLength(2);
    expect(clock.pendingTimers).toBe(0);
  });

  it('kills a worker that does not end in time', async () => {
    const { supervisor, processes, clock } = await running({ drainTimeoutMs: 700 });
    const drained = outcome(supervisor.drain());
    await settle();

    clock.advance(700);
    await settle();

    expect(processes.last.isAlive).toBe(false);
    expect(drained.isSettled).toBe(true);
  });
});

describe('the rolling restart', () => {
  it('drains an old worker when the new one is ready, one after the other', async () => {
    const { supervisor, processes } = await running({ workers: 2 });
    const restarted = outcome(supervisor.restart());
    await settle();
    expect(processes.all).toHaveLength(3);
    expect(processes.at(0).told).not.toContain('drain');

    processes.at(2).says({ type: 'ready', info: '' });
    await settle();
    expect(processes.at(0).told).toContain('drain');
    expect(processes.all).toHaveLength(3);
    processes.at(0).exits(0);
    await settle();
    processes.at(3).says({ type: 'ready', info: '' });
    await settle();
    processes.at(1).exits(0);
    await settle();

    expect(restarted.isSettled).toBe(true);
    expect(supervisor.workers.map(({ id }) => id)).toEqual([1, 2]);
    expect(supervisor.restarts).toBe(0);
  });

  it('keeps the old workers when a new one can not start', async () => {
    const { supervisor, processes, clock, failures } = await running({ workers: 2, maxStartFailures: 1 });
    const restarted = outcome(supervisor.restart());
    processes.at(2).says({ type: 'failed', failure: { message: 'No such file.', exitCode: 2 } });
    processes.at(2).exits(2);
    await settle();
    clock.advance(60_000);

    expect(restarted.error?.message).toBe('No such file.');
    expect(processes.all).toHaveLength(3);
    expect(supervisor.workers.map(({ isReady }) => isReady)).toEqual([true, true]);
    // Nor is it counted against them.
    processes.at(0).exits(1);
    await settle();
    expect(failures).toEqual([]);
  });

  it('puts the new worker in the place of one that crashes meanwhile', async () => {
    const { supervisor, processes, clock } = await running({});
    const restarted = outcome(supervisor.restart());
    processes.at(0).exits(1);
    await settle();
    processes.at(1).says({ type: 'ready', info: '' });
    await settle();
    clock.advance(60_000);

    expect(restarted.isSettled).toBe(true);
    expect(processes.all).toHaveLength(2);
  });

  it('starts another when the old one crashed and the new one can not start', async () => {
    const { supervisor, processes, clock } = await running({ minBackoffMs: 100 });
    const restarted = outcome(supervisor.restart());
    processes.at(0).exits(1);
    processes.at(1).exits(1);
    await settle();
    clock.advance(100);

    expect(restarted.error).toBeInstanceOf(WorkerError);
    expect(processes.all).toHaveLength(3);
  });

  it('is one when it is asked for twice', async () => {
    const { supervisor, processes } = await running({});

    void supervisor.restart();
    void supervisor.restart();
    await settle();

    expect(processes.all).toHaveLength(2);
  });
});

describe('a request to the workers', () => {
  it('is answered by each; one that is silent or ends has no value', async () => {
    const { supervisor, processes, clock } = await running({ workers: 4, requestTimeoutMs: 50 });
    const replies = outcome(supervisor.request('metrics'));

    processes.at(0).says({ type: 'reply', id: 1, value: 7 });
    processes.at(1).says({ type: 'reply', id: 1, error: 'No figures.' });
    processes.at(2).exits(1);
    clock.advance(50);
    processes.at(3).says({ type: 'reply', id: 1, value: 'too late' });
    await settle();

    expect(processes.at(0).sent.at(-1)).toEqual({ type: 'request', id: 1, name: 'metrics' });
    const values = (replies.value as { value: unknown }[]).map(({ value }) => value);
    expect(values).toEqual([7, undefined, undefined, undefined]);
  });

  it('carries data, may be for some alone and have a time of its own, and says what went wrong', async () => {
    const { supervisor, processes, clock } = await running({ workers: 2, requestTimeoutMs: 50 });
    const [first] = supervisor.workers;
    const options = { timeoutMs: 100, workers: first ? [first] : [] };
    const replies = outcome(supervisor.request('prepare', { version: 2 }, options));

    clock.advance(99);
    await settle();
    expect(replies.value).toBeUndefined();
    clock.advance(1);
    await settle();

    const asked = { type: 'request', id: 1, name: 'prepare', data: { version: 2 } };
    expect(processes.all.map(({ sent }) => sent.filter(({ type }) => type === 'request'))).toEqual([
      [asked],
      [],
    ]);
    expect(replies.value).toMatchObject([
      { worker: first, error: { message: 'A worker did not answer "prepare" within 100 ms.' } },
    ]);
  });

  it('is not for workers that are not ready', async () => {
    const { supervisor } = supervise({});
    void supervisor.start();

    expect(await supervisor.request('metrics')).toEqual([]);
  });
});

it('passes signals on as messages', async () => {
  const { supervisor, processes } = await running({ workers: 2 });

  supervisor.signal('SIGUSR1');

  const message = { type: 'signal', signal: 'SIGUSR1' };
  expect(processes.all.map(({ sent }) => sent.at(-1))).toEqual([message, message]);
});

function supervise(options: Partial<WorkerSupervisorOptions>) {
  const clock = new VirtualClock();
  const processes = new FakeProcesses();
  const ends: WorkerEnd[] = [];
  const failures: WorkerError[] = [];
  const supervisor = new WorkerSupervisor({
    startProcess: processes.start,
    startData: (id) => `for ${id}`,
    options,
    clock,
    logger: silentLogger,
    onEnd: (_worker, end) => void ends.push(end),
    onFailure: (error) => void failures.push(error),
  });
  return { supervisor, clock, processes, ends, failures };
}

/** With all workers ready. */
async function running(options: Partial<WorkerSupervisorOptions>) {
  const all = supervise(options);
  const started = all.supervisor.start();
  for (const each of all.processes.all) each.says({ type: 'ready', info: '' });
  await started;
  return all;
}

/** What becomes of a promise, to look at without waiting. */
function outcome(promise: Promise<unknown>) {
  const result = { isSettled: false, value: undefined as unknown, error: undefined as Error | undefined };
  promise
    .then(
      (value) => (result.value = value),
      (error: Error) => (result.error = error),
    )
    .finally(() => (result.isSettled = true));
  return result;
}

/** Lets all promises that can settle do so. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
