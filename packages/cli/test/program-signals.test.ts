import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { ProgramSignals } from '../src/program/program-signals.ts';

it('does what came before there was somebody for it, once, when there is', () => {
  const { source, signals, done } = bench();
  source.emit('SIGHUP');
  source.emit('SIGHUP');
  expect(done).toEqual([]);

  signals.on('SIGHUP', () => done.push('reload'));

  expect(done).toEqual(['reload']);
});

it('does from then on what was said last', () => {
  const { source, signals, done } = bench();
  signals.on('SIGHUP', () => done.push('first'));
  signals.on('SIGHUP', () => done.push('second'));

  source.emit('SIGHUP');

  expect(done).toEqual(['second']);
});

it('takes one that is passed on like one that has come', () => {
  const { signals, done } = bench();
  signals.raise('SIGUSR1');
  signals.on('SIGUSR1', () => done.push('reopen'));
  signals.raise('SIGUSR1');

  expect(done).toEqual(['reopen', 'reopen']);
});

interface Bench {
  readonly source: EventEmitter;
  readonly signals: ProgramSignals;
  readonly done: string[];
}

function bench(): Bench {
  const source = new EventEmitter();
  return { source, signals: new ProgramSignals(['SIGHUP', 'SIGUSR1'], source), done: [] };
}
