import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import type { LogDestination } from './batch-writer.ts';
import { isFullPipe, waitForRoom, wholeLines } from './pipe-writes.ts';

/** Readable by the group, so that a log collector need not be the owner. */
const MODE = 0o640;

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

// Without waiting: to open a FIFO that nobody reads, or to write to one that is full, would hold a thread of the pool for as
// long, and with it the end of the process. Windows has no O_NONBLOCK.
const FLAGS = O_WRONLY | O_APPEND | O_CREAT | (O_NONBLOCK ?? 0);

/** How often to look whether the file was renamed or removed, in ms. */
const LOOK_MS = 1000;

const LINE_FEED = 10;

type FileClock = Pick<Clock, 'now' | 'schedule'>;

/**
 * A file that lines are appended to. It is made when there is none, also after it was renamed. Of a line that it has no space for it
 * keeps nothing. A FIFO takes lines while somebody reads it; without a reader they fail.
 */
export class FileDestination implements LogDestination {
  readonly #path: string;
  readonly #clock: FileClock;
  #file: FileHandle | undefined = undefined;
  /** Whether it is a FIFO, of which other processes may have the rest. */
  #isPipe = false;
  /** Bytes at the end of the file that are the beginning of a line. */
  #begunBytes = 0;
  #lookedAt = 0;

  constructor(path: string, clock: FileClock = new SystemClock()) {
    this.#path = path;
    this.#clock = clock;
  }

  // Not appendFile, which writes in pieces of 512 KiB: the lines of another process could come between
  // the halves of one of ours. One write to a file that is open for appending is atomic.
  async write(bytes: Buffer): Promise<number> {
    const file = await this.#current();
    try {
      const { bytesWritten } = await file.write(this.#isPipe ? wholeLines(bytes) : bytes);
      const end = bytes.subarray(0, bytesWritten).lastIndexOf(LINE_FEED) + 1;
      this.#begunBytes = end > 0 ? bytesWritten - end : this.#begunBytes + bytesWritten;
      return bytesWritten;
    } catch (cause) {
      if (isFullPipe(cause)) return waitForRoom(this.#clock);
      await this.#takeBack(file);
      throw cause;
    }
  }

  /** Goes on with the old file when the new one can't be opened. */
  async reopen(): Promise<void> {
    await this.#open();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #open(): Promise<FileHandle> {
    const file = await open(this.#path, FLAGS, MODE);
    const old = this.#file;
    this.#isPipe = (await file.stat()).isFIFO();
    this.#file = file;
    this.#begunBytes = 0;
    this.#lookedAt = this.#clock.now();
    await old?.close();
    return file;
  }

  async #current(): Promise<FileHandle> {
    const file = this.#file;
    if (file === undefined) return this.#open();
    // The rest of a line goes where its beginning is.
    if (this.#begunBytes > 0 || !(await this.#wasRenamed(file))) return file;
    // When a new file can't be made, the renamed one still takes lines.
    return this.#open().catch(() => file);
  }

  /** Takes the beginning of a line off the file, which needs no space; where that is not allowed it stays. */
  async #takeBack(file: FileHandle): Promise<void> {
    const begun = this.#begunBytes;
    this.#begunBytes = 0;
    if (begun === 0) return;
    try {
      // Where no byte could be written, no other process has appended to it since.
      await file.truncate((await file.stat()).size - begun);
    } catch {}
  }

  async #wasRenamed(file: FileHandle): Promise<boolean> {
    const now = this.#clock.now();
    if (now - this.#lookedAt < LOOK_MS) return false;
    this.#lookedAt = now;
    const [opened, named] = await Promise.all([file.stat(), stat(this.#path).catch(() => undefined)]);
    return named === undefined || named.ino !== opened.ino || named.dev !== opened.dev;
  }
}
