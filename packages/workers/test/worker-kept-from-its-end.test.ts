import { VirtualClock } from '@sluice/core';
import { expect, it } from 'vitest';
import { SupervisedWorker } from '../src/supervised-worker.ts';
import { WorkerSupervisorOptions } from '../src/worker-supervisor-options.ts';
import { FakeProcesses } from './fake-processes.ts';

it('a worker that was drained and does not end is killed, with all that it said', async () => {
  const clock = new VirtualClock();
  const processes = new FakeProcesses();
  const options = { ...new WorkerSupervisorOptions(), endTimeoutMs: 50 };
  const startData = (): undefined => undefined;
  const worker = new SupervisedWorker(1, { startProcess: processes.start, startData, clock, options });
  processes.last.says({ type: 'ready', info: '' });
  worker.drain();
  processes.last.says({ type: 'drained', report: 'nothing lost' });
  clock.advance(49);
  expect(processes.last.isAlive).toBe(true);
  clock.advance(1);

  expect(await worker.ended).toMatchObject({ signal: 'SIGKILL', report: 'nothing lost', wasHung: false });
  expect(clock.pendingTimers).toBe(0);
});
