import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
const PROGRAM = fileURLToPath(new URL('limited-file.ts', import.meta.url));

it('a file keeps nothing of a line that it has no space for', async () => {
  expect(await writtenTo('file')).toEqual({
    full: ['a400000', 'b400000', '0'],
    freed: ['a400000', 'b400000', 'd100', '0'],
    lost: 1,
  });
});

it('a descriptor has its next line begin as one behind a line that is not whole', async () => {
  expect(await writtenTo('descriptor')).toEqual({
    full: ['a400000', 'b400000', 'c248574'],
    freed: ['a400000', 'b400000', 'c99998', 'd100', '0'],
    lost: 1,
  });
});

/** What is in a file of 1 MiB at most behind three lines of 400 000 bytes, and behind one more when there is space again. */
async function writtenTo(kind: 'file' | 'descriptor'): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'access-log-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const program = [process.execPath, '--import', import.meta.resolve('tsx'), PROGRAM];
  const args = [...program, kind, join(folder, 'access.log')];
  const { stdout } = await run('bash', ['-c', 'ulimit -S -f 1024; exec "$@"', 'limited', ...args]);
  return JSON.parse(stdout);
}
