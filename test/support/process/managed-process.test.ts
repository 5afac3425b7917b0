import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ManagedProcess } from './managed-process.ts';

const ANSWERS = 50;
const WITHIN_MS = 10_000;
const ECHO = `process.on('message', (text) => (text.end ? process.exit(3) : process.send(text)));`;

it('waits for answers one by one, and tells only who still waits of the end', async () => {
  const echo = start(`console.log('last words'); ${ECHO}`);
  for (let at = 0; at < ANSWERS; at += 1) {
    const answer = echo.nextMessage(WITHIN_MS);
    echo.send({ at });
    expect(await answer).toEqual({ at });
  }
  let told = 0;
  echo.endedError = () => new Error(`told ${(told += 1)}`);
  const last = echo.nextMessage(WITHIN_MS);
  echo.send({ end: true });

  await expect(last).rejects.toThrow('told 1');
  expect(await echo.outcome()).toBe('exited with 3');
  expect(told).toBe(1);
});

it('says how a process ended that is asked too late, with its last words', async () => {
  const echo = start(`console.log('last words'); ${ECHO}`);
  echo.send({ end: true });
  await echo.outcome();

  await expect(echo.nextMessage(WITHIN_MS)).rejects.toThrow('echo exited with 3:\nlast words');
});

it('gives up one that is silent', async () => {
  const echo = start(ECHO);

  await expect(echo.nextMessage(1)).rejects.toThrow('echo said nothing for 1 ms');
});

function start(script: string): ManagedProcess {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-process-'));
  const logFile = join(directory, 'echo.log');
  const echo = new ManagedProcess({ name: 'echo', file: process.execPath, args: ['-e', script], logFile });
  onTestFinished(async () => {
    await echo.stop();
    expect(readFileSync(logFile, 'utf8')).not.toContain('Error');
    rmSync(directory, { recursive: true });
  });
  return echo;
}
