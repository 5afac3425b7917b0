import { execFileSync } from 'node:child_process';
import { constants, mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '@sluice/core';
import { BatchWriter, FileDestination } from '@sluice/handler-access-log';

const LINE = `${'x'.repeat(999)}\n`;

// Opening it, a thread of the pool waited for a reader, for ever.
it('without a reader loses its lines, and takes them again when it has one', async () => {
  const path = fifo();
  const writer = new BatchWriter(new FileDestination(path), { flushIntervalMs: 0, logger: silentLogger });
  writer.write('lost\n');
  await writer.flush();
  const reader = await readerOf(path);
  writer.write('taken\n');
  await writer.close();

  expect(writer.droppedLines).toBe(1);
  expect(await allOf(reader)).toBe('taken\n');
});

it('that is full takes whole lines, and the rest when there is room', async () => {
  const path = fifo();
  const reader = await readerOf(path);
  const destination = new FileDestination(path, timeless);
  const bytes = Buffer.from(LINE.repeat(1_000));
  let written = 0;
  for (let taken = 1; taken > 0; written += taken) taken = await destination.write(bytes.subarray(written));
  const read = await allOf(reader);
  const more = await destination.write(bytes.subarray(written));
  await destination.close();

  expect(written).toBeLessThan(bytes.length);
  expect(read).toBe(LINE.repeat(written / LINE.length));
  expect(more).toBe(4_000);
});

/** On which whatever waits has waited. */
const timeless = {
  now: () => 0,
  schedule(_delayMs: number, task: () => void) {
    task();
    return { cancel() {}, refresh() {} };
  },
};

function fifo(): string {
  const folder = mkdtempSync(join(tmpdir(), 'access-log-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync('mkfifo', [join(folder, 'log')]);
  return join(folder, 'log');
}

async function readerOf(path: string): Promise<FileHandle> {
  const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  onTestFinished(() => reader.close());
  return reader;
}

/** What is in the pipe now. */
async function allOf(reader: FileHandle): Promise<string> {
  const chunk = Buffer.alloc(1 << 20);
  let text = '';
  for (;;) {
    const { bytesRead } = await reader.read(chunk).catch(() => ({ bytesRead: 0 }));
    if (bytesRead === 0) return text;
    text += chunk.toString('latin1', 0, bytesRead);
  }
}
