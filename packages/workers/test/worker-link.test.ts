import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { WorkerLink } from '../src/index.ts';
import type { FromWorker, ToWorker } from '../src/index.ts';

it('resolves to what the supervisor tells at the start', async () => {
  const { link, tell, said } = linked();

  expect(said).toEqual([{ type: 'hello' }]);
  tell({ type: 'start', data: { port: 1 } });

  expect(await link.startData).toEqual({ port: 1 });
});

it('answers requests, with the error of one that fails or is unknown', async () => {
  const { link, tell, said } = linked();
  link.onRequest('sum', (numbers) => Promise.resolve((numbers as number[]).reduce((a, b) => a + b)));
  link.onRequest('fail', () => {
    throw new Error('It broke.');
  });

  for (const [id, name] of ['sum', 'fail', 'other'].entries()) {
    tell({ type: 'request', id, name, data: [1, 2] });
  }
  await new Promise(setImmediate);

  expect(said.slice(1).toSorted((a, b) => idOf(a) - idOf(b))).toEqual([
    { type: 'reply', id: 0, value: 3 },
    { type: 'reply', id: 1, error: 'It broke.' },
    { type: 'reply', id: 2, error: 'A worker has no answer to "other".' },
  ]);
});

it('calls what listens to a signal that is passed on, and ignores others', () => {
  const { link, tell } = linked();
  const heard: string[] = [];
  link.onSignal('SIGUSR1', () => void heard.push('SIGUSR1'));
  link.onDrain(() => void heard.push('drain'));

  tell({ type: 'signal', signal: 'SIGHUP' });
  tell({ type: 'signal', signal: 'SIGUSR1' });
  tell({ type: 'drain' });

  expect(heard).toEqual(['SIGUSR1', 'drain']);
});

it('gives a sign of life when it is asked for one', () => {
  const { said, tell } = linked();

  tell({ type: 'ping' });

  expect(said).toEqual([{ type: 'hello' }, { type: 'pong' }]);
});

it('says that it is ready, has failed, or is drained', async () => {
  const { link, said } = linked();

  await link.ready('here');
  await link.failed({ message: 'no', exitCode: 2 });
  await link.drained('all');

  expect(said).toEqual([
    { type: 'hello' },
    { type: 'ready', info: 'here' },
    { type: 'failed', failure: { message: 'no', exitCode: 2 } },
    { type: 'drained', report: 'all' },
  ]);
});

function linked() {
  const said: FromWorker[] = [];
  const events = new EventEmitter();
  const channel = Object.assign(events, {
    send: (
      message: FromWorker,
      _handle: undefined,
      _options: object,
      sent: (error: Error | null) => void,
    ) => {
      said.push(message);
      sent(null);
    },
  });
  const link = new WorkerLink(channel);
  return { link, said, tell: (message: ToWorker): void => void events.emit('message', message) };
}

function idOf(message: FromWorker): number {
  return message.type === 'reply' ? message.id : -1;
}
