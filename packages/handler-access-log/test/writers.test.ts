import { execFileSync } from 'node:child_process';
import { constants, mkdir, mkdtemp, open, readFile, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, VirtualClock } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BatchWriter,
  DescriptorDestination,
  FileDestination,
  openAccessLog,
} from '@sluice/handler-access-log';
import type { LogDestination } from '@sluice/handler-access-log';

let folder = '';
let path = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'access-log-'));
  path = join(folder, 'access.log');
});

afterEach(() => rm(folder, { recursive: true }));

describe('a BatchWriter', () => {
  it('writes the lines of one turn at once, and those that come meanwhile after that', async () => {
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, { flushIntervalMs: 0 });
    writer.write('a\n');
    writer.write('b\n');
    const first = await destination.next();
    writer.write('c\n');
    writer.write('d\n');
    first.succeed();
    (await destination.next()).succeed();
    await writer.close();

    expect(destination.batches).toEqual(['a\nb\n', 'c\nd\n']);
    expect(destination.isClosed).toBe(true);
  });

  it('writes what comes within the interval after a write together, at its end', async () => {
    const clock = new NotingClock();
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, { flushIntervalMs: 50, clock });
    writer.write('a\n');
    (await destination.next()).succeed();
    await clock.scheduled;
    writer.write('b\n');
    clock.advance(49);
    writer.write('c\n');
    clock.advance(1);
    (await destination.next()).succeed();
    await writer.close();

    expect(destination.batches).toEqual(['a\n', 'b\nc\n']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('waits no longer when enough lines are there', async () => {
    const clock = new NotingClock();
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, { clock });
    writer.write('a\n');
    (await destination.next()).succeed();
    await clock.scheduled;
    const long = `${'x'.repeat(32_767)}\n`;
    writer.write(long);
    writer.write(long);
    (await destination.next()).succeed();
    await writer.close();

    expect(destination.batches).toEqual(['a\n', long + long]);
  });

  it('drops and counts what is beyond its bound, what is under way included', async () => {
    const dropped: number[] = [];
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, {
      maxQueuedBytes: 4,
      onDrop: (lines) => void dropped.push(lines),
    });
    for (const line of ['a\n', 'b\n', 'c\n']) writer.write(line);
    const batch = await destination.next();
    writer.write('d\n');
    expect(writer.queuedBytes).toBe(4);

    batch.succeed();
    await writer.flush();
    expect(writer.queuedBytes).toBe(0);
    writer.write('e\n');
    (await destination.next()).succeed();
    await writer.flush();
    expect(destination.batches).toEqual(['a\nb\n', 'e\n']);
    expect(dropped).toEqual([1, 1]);
    expect(writer.droppedLines).toBe(2);
  });

  it('counts the lines of a batch that fails, tells once, and goes on', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, { logger });
    for (const line of ['a\n', 'b\n']) {
      writer.write(line);
      (await destination.next()).fail(new Error('no space left'));
      await writer.flush();
    }
    writer.write('c\n');
    (await destination.next()).succeed();
    await writer.close();

    expect(writer.droppedLines).toBe(2);
    expect(warnings).toHaveLength(1);
  });

  it('loses of a batch that fails what is not whole of it', async () => {
    const destination = new HeldDestination();
    const writer = new BatchWriter(destination, { logger: silentLogger });
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n']) writer.write(line);
    (await destination.next()).succeed(6);
    (await destination.next()).succeed(4);
    (await destination.next()).fail(new Error('no space left'));
    await writer.close();

    expect(destination.batches).toEqual(['one\ntw', 'o\nth']);
    expect(writer.droppedLines).toBe(2);
  });

  it('counts lines after its close as lost', async () => {
    const writer = new BatchWriter(new FileDestination(path));
    await writer.close();
    await writer.close();
    writer.write('late\n');
    writer.reopen();

    expect(writer.droppedLines).toBe(1);
  });

  it('survives an observer that throws', async () => {
    const onDrop = (): never => {
      throw new Error('no metrics');
    };
    const writer = new BatchWriter(new FileDestination(join(path, 'x')), { logger: silentLogger, onDrop });
    writer.write('a\n');
    await writer.close();

    expect(writer.droppedLines).toBe(1);
  });
});

describe('a file', () => {
  it('has every line after a clean shutdown', async () => {
    const writer = new BatchWriter(new FileDestination(path));
    const lines = Array.from({ length: 10_000 }, (_, at) => `line ${at}\n`);
    for (const line of lines) writer.write(line);
    await writer.close();

    expect(await readFile(path, 'latin1')).toBe(lines.join(''));
    expect(writer.droppedLines).toBe(0);
  });

  it('is made anew by reopen after it was renamed, also without a line', async () => {
    const writer = new BatchWriter(new FileDestination(path, new VirtualClock()));
    writer.write('old\n');
    await writer.flush();
    await rename(path, `${path}.1`);
    writer.write('still old\n');
    await writer.flush();
    writer.reopen();
    await writer.flush();

    expect(await readFile(path, 'latin1')).toBe('');
    writer.write('new\n');
    await writer.close();
    expect(await readFile(`${path}.1`, 'latin1')).toBe('old\nstill old\n');
    expect(await readFile(path, 'latin1')).toBe('new\n');
  });

  it('is made anew a second after it was renamed, by itself', async () => {
    const clock = new VirtualClock();
    const writer = new BatchWriter(new FileDestination(path, clock));
    writer.write('old\n');
    await writer.flush();
    await rename(path, `${path}.1`);
    clock.advance(1_000);
    writer.write('new\n');
    await writer.close();

    expect(await readFile(path, 'latin1')).toBe('new\n');
  });

  it('stays as it is when it was not renamed', async () => {
    const clock = new VirtualClock();
    const writer = new BatchWriter(new FileDestination(path, clock));
    writer.write('a\n');
    await writer.flush();
    clock.advance(1_000);
    writer.write('b\n');
    await writer.close();

    expect(await readFile(path, 'latin1')).toBe('a\nb\n');
  });

  it('goes on under its old name when a new one can not be made', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    const inner = join(folder, 'inner');
    const clock = new VirtualClock();
    await mkdir(inner);
    const writer = new BatchWriter(new FileDestination(join(inner, 'access.log'), clock), { logger });
    writer.write('a\n');
    await writer.flush();
    await rename(inner, `${inner}.1`);
    writer.reopen();
    clock.advance(1_000);
    writer.write('b\n');
    await writer.close();

    expect(warnings).toEqual(['The access log could not be opened.']);
    expect(await readFile(join(`${inner}.1`, 'access.log'), 'latin1')).toBe('a\nb\n');
  });

  it('is there before the first line', async () => {
    const log = openAccessLog({ destination: path, format: 'json' });
    log.reopen();
    await log.close();

    expect(log.isOff).toBe(false);
    expect(await readFile(path, 'latin1')).toBe('');
  });

  it('that can not be opened is told of at once, and tried again', async () => {
    const warnings: string[] = [];
    const logger: Logger = { ...silentLogger, warn: (_, message) => void warnings.push(message) };
    const writer = new BatchWriter(new FileDestination(join(folder, 'inner', 'access.log')), { logger });
    writer.reopen();
    await writer.flush();
    await mkdir(join(folder, 'inner'));
    writer.write('a\n');
    await writer.close();

    expect(warnings).toEqual(['The access log could not be opened.']);
    expect(await readFile(join(folder, 'inner', 'access.log'), 'latin1')).toBe('a\n');
  });
});

describe('a destination that others write to as well', () => {
  const lines = (letter: string): Buffer => Buffer.from(`${letter.repeat(99)}\n`.repeat(15_000));
  const whole = /^(?:(?:a{99}|b{99})\n)+$/;

  it('keeps lines whole in a file, in a batch of any size', async () => {
    const writers = [new FileDestination(path), new FileDestination(path)];

    await Promise.all(writers.map((writer, at) => writeAll(writer, lines(at === 0 ? 'a' : 'b'))));

    const written = await readFile(path, 'latin1');
    expect(written).toHaveLength(3_000_000);
    expect(written).toMatch(whole);
    await Promise.all(writers.map((writer) => writer.close()));
  });

  it('keeps lines whole in a pipe that is full again and again', async () => {
    execFileSync('mkfifo', [path]);
    const pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    const clock: Pick<Clock, 'schedule'> = {
      schedule: (_delayMs, task) => {
        setImmediate(task);
        return { cancel: () => {}, refresh: () => {} };
      },
    };
    const writers = [0, 1].map(() => new DescriptorDestination(pipe.fd, { isShared: true, clock }));
    const written = Promise.all(writers.map((writer, at) => writeAll(writer, lines(at === 0 ? 'a' : 'b'))));
    const pieces: Buffer[] = [];
    for (let left = 3_000_000; left > 0;) {
      const { bytesRead, buffer } = await readSome(pipe);
      pieces.push(buffer.subarray(0, bytesRead));
      left -= bytesRead;
    }
    await written;

    expect(Buffer.concat(pieces).toString('latin1')).toMatch(whole);
    await pipe.close();
  });

  it('writes a line at once that is longer than what a pipe takes whole', async () => {
    const file = await open(path, 'w');
    const long = `${'x'.repeat(10_000)}\n`;
    const destination = new DescriptorDestination(file.fd, { isShared: true });
    await writeAll(destination, Buffer.from(`short\n${long}short\n`));
    await file.close();

    expect(await readFile(path, 'latin1')).toBe(`short\n${long}short\n`);
  });
});

describe('a descriptor', () => {
  it('takes all bytes and stays open', async () => {
    const file = await open(path, 'w');
    const writer = new BatchWriter(new DescriptorDestination(file.fd));
    writer.write('a\n');
    writer.reopen();
    writer.write('b\n');
    await writer.close();
    await file.write('mine\n');
    await file.close();

    expect(await readFile(path, 'latin1')).toBe('a\nb\nmine\n');
  });

  it('waits for a pipe that is full', async () => {
    execFileSync('mkfifo', [path]);
    const pipe = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
    const clock = new NotingClock();
    const writer = new BatchWriter(new DescriptorDestination(pipe.fd, { clock }), { maxQueuedBytes: 1e6 });
    writer.write(`${'x'.repeat(100_000)}\n`);
    await clock.scheduled;
    const received = (await pipe.read(Buffer.alloc(65_536))).bytesRead;
    clock.advance(10);
    await writer.close();

    const rest = (await pipe.read(Buffer.alloc(65_536))).bytesRead;
    expect(received + rest).toBe(100_001);
    await pipe.close();
  });
});

/** As a writer does it. */
async function writeAll(destination: LogDestination, bytes: Buffer): Promise<void> {
  for (let left = bytes; left.length > 0;) left = left.subarray(await destination.write(left));
}

async function readSome(pipe: FileHandle): Promise<{ bytesRead: number; buffer: Buffer }> {
  try {
    return await pipe.read(Buffer.alloc(10_000));
  } catch {
    // Nothing is there yet.
    await new Promise(setImmediate);
    return readSome(pipe);
  }
}

interface Batch {
  /** Takes this many of its bytes. Default: all. */
  succeed(bytes?: number): void;
  fail(cause: Error): void;
}

/** Takes a batch when the test says so. */
class HeldDestination implements LogDestination {
  readonly batches: string[] = [];
  isClosed = false;
  readonly #started: Batch[] = [];
  #onStart: (() => void) | undefined = undefined;

  write(bytes: Buffer): Promise<number> {
    return new Promise((resolve, reject) => {
      const succeed = (count = bytes.length): void => {
        this.batches.push(bytes.toString('latin1', 0, count));
        resolve(count);
      };
      this.#started.push({ succeed, fail: reject });
      this.#onStart?.();
    });
  }

  /** Resolves when the next batch has come. */
  async next(): Promise<Batch> {
    if (this.#started.length === 0) await new Promise<void>((resolve) => (this.#onStart = resolve));
    return this.#started.shift() ?? expect.unreachable();
  }

  reopen(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.isClosed = true;
    return Promise.resolve();
  }
}

/** Tells when the first timer was set. */
class NotingClock extends VirtualClock {
  #note: () => void = () => {};
  readonly scheduled = new Promise<void>((resolve) => (this.#note = resolve));

  override schedule(delayMs: number, task: () => void): ReturnType<VirtualClock['schedule']> {
    const timer = super.schedule(delayMs, task);
    this.#note();
    return timer;
  }
}
