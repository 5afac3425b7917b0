import type { ConfigRecord } from '@sluice/config';
import { silentLogger, VirtualClock } from '@sluice/core';
import { WorkerSupervisor } from '@sluice/workers';
import { describe, expect, it } from 'vitest';
import { ReloadWorkers } from '../src/workers/reload-workers.ts';
import type { GatewayWorkerRequests } from '../src/workers/worker-messages.ts';
import { FakeProcesses } from '../../workers/test/fake-processes.ts';

const OLD = record('old');
const NEW = record('new');
const PREPARED = { isPrepared: true } as const;

describe('a reload of workers', () => {
  it('is committed in all when all are prepared, and given to those that start later', async () => {
    const { reload, asked, answer } = await running(2);
    const reloading = outcome(reload.reload(NEW));

    expect(asked(0)).toEqual(['prepareReload']);
    answer(0, PREPARED);
    await settle();
    expect(asked(0)).toEqual(['prepareReload']);
    answer(1, PREPARED);
    await settle();
    expect([asked(0), asked(1)].map((names) => names.at(-1))).toEqual(['commitReload', 'commitReload']);
    answer(0, undefined);
    answer(1, undefined);
    await settle();

    expect(reloading.isDone).toBe(true);
    expect(reload.give(1)).toBe(NEW);
  });

  it('is discarded in all when one refuses, with its words, each once', async () => {
    const { reload, asked, answer } = await running(3);
    const reloading = outcome(reload.reload(NEW));

    answer(0, PREPARED);
    answer(1, { isPrepared: false, why: 'The port is in use.' });
    answer(2, { isPrepared: false, why: 'The port is in use.' });
    await settle();
    for (const worker of [0, 1, 2]) answer(worker, undefined);
    await settle();

    expect(asked(0)).toEqual(['prepareReload', 'discardReload']);
    expect(reloading.error).toMatchObject({
      code: 'SLUICE_RELOAD_REFUSED',
      reasons: ['The port is in use.'],
    });
    expect(reload.give(1)).toBe(OLD);
  });

  it('is refused when a worker is silent', async () => {
    const { reload, asked, answer, clock } = await running(2);
    const reloading = outcome(reload.reload(NEW));
    answer(0, PREPARED);

    clock.advance(30_000);
    await settle();
    answer(0, undefined);
    answer(1, undefined);
    await settle();

    expect(asked(1)).toEqual(['prepareReload', 'discardReload']);
    expect(reloading.error?.message).toBe('A worker did not answer "prepareReload" within 30000 ms.');
  });

  it('does not wait for the word of a worker that ends', async () => {
    const { reload, processes, asked, answer } = await running(2);
    const reloading = outcome(reload.reload(NEW));

    processes.at(1).exits(1);
    answer(0, PREPARED);
    await settle();
    expect(asked(0).at(-1)).toBe('commitReload');
    answer(0, undefined);
    await settle();

    expect(reloading.isDone).toBe(true);
  });

  it('reaches a worker that was started with what was in force before', async () => {
    const { reload, processes, asked, answer, clock } = await running(2);
    processes.at(1).exits(1);
    await settle();
    clock.advance(100);
    processes.at(2).says({ type: 'hello' });
    await reloadWith(
      reload,
      () => answer(0, PREPARED),
      () => answer(0, undefined),
    );

    processes.at(2).says({ type: 'ready', info: '' });
    await settle();
    answer(2, PREPARED);
    await settle();

    expect(asked(2)).toEqual(['prepareReload', 'commitReload']);
  });

  it('is refused when there is no worker to be asked', async () => {
    const { reload, processes } = await running(1);
    processes.at(0).exits(1);
    await settle();

    await expect(reload.reload(NEW)).rejects.toThrow('No worker is ready.');
  });
});

async function running(workers: number) {
  const clock = new VirtualClock();
  const processes = new FakeProcesses();
  const supervisor = new WorkerSupervisor<GatewayWorkerRequests>({
    startProcess: processes.start,
    startData: (worker) => reload.give(worker),
    options: { workers, minBackoffMs: 100 },
    clock,
    logger: silentLogger,
  });
  const reload = new ReloadWorkers(supervisor, OLD);
  const started = supervisor.start();
  for (const process of processes.all) {
    process.says({ type: 'hello' });
    process.says({ type: 'ready', info: '' });
  }
  await started;
  const requests = (worker: number) =>
    processes.at(worker).sent.filter((message) => message.type === 'request');
  return {
    clock,
    processes,
    reload,
    /** The names of what a worker was asked. */
    asked: (worker: number) => requests(worker).map(({ name }) => name),
    /** To what it was asked last. */
    answer: (worker: number, value: unknown) => {
      processes.at(worker).says({ type: 'reply', id: requests(worker).at(-1)?.id ?? 0, value });
    },
  };
}

/** A reload of a single worker, from its first step to its last. */
async function reloadWith(reload: ReloadWorkers, ...steps: readonly (() => void)[]): Promise<void> {
  const reloading = reload.reload(NEW);
  for (const step of steps) {
    await settle();
    step();
  }
  await reloading;
}

interface Outcome {
  isDone: boolean;
  error: Error | undefined;
}

function outcome(promise: Promise<void>): Outcome {
  const result: Outcome = { isDone: false, error: undefined };
  promise.then(
    () => (result.isDone = true),
    (cause: unknown) => (result.error = cause as Error),
  );
  return result;
}

function settle(): Promise<void> {
  return new Promise(setImmediate);
}

function record(text: string): ConfigRecord {
  return { texts: new Map([['/gateway.yaml', { text }]]), folders: new Map(), realPaths: new Map() };
}
