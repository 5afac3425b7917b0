import { open, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import type { LogDestination } from './batch-writer.ts';

/** Readable by the group, so that a log collector need not be the owner. */
const MODE = 0o640;

/** How often to look whether the file was renamed or removed, in ms. */
const LOOK_MS = 1000;

/** A file that lines are appended to. It is made when there is none, also after it was renamed. */
export class FileDestination implements LogDestination {
  readonly #path: string;
  readonly #clock: Pick<Clock, 'now'>;
  #file: FileHandle | undefined = undefined;
  #lookedAt = 0;

  constructor(path: string, clock: Pick<Clock, 'now'> = new SystemClock()) {
    this.#path = path;
    this.#clock = clock;
  }

  async write(bytes: Buffer): Promise<void> {
    if (this.#file === undefined) await this.reopen();
    // When a new file can't be made, the renamed one still takes lines.
    else if (await this.#wasRenamed(this.#file)) await this.reopen().catch(() => {});
    await this.#append(bytes);
  }

  // Not appendFile, which writes in pieces of 512 KiB: the lines of another process could come between
  // the halves of one of ours. One write to a file that is open for appending is atomic.
  async #append(bytes: Buffer): Promise<void> {
    const file = this.#file;
    if (file === undefined) return;
    let left = bytes;
    while (left.length > 0) left = left.subarray((await file.write(left)).bytesWritten);
  }

  /** Goes on with the old file when the new one can't be opened. */
  async reopen(): Promise<void> {
    const file = await open(this.#path, 'a', MODE);
    const old = this.#file;
    this.#file = file;
    this.#lookedAt = this.#clock.now();
    await old?.close();
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }

  async #wasRenamed(file: FileHandle): Promise<boolean> {
    const now = this.#clock.now();
    if (now - this.#lookedAt < LOOK_MS) return false;
    this.#lookedAt = now;
    const [opened, named] = await Promise.all([file.stat(), stat(this.#path).catch(() => undefined)]);
    return named === undefined || named.ino !== opened.ino || named.dev !== opened.dev;
  }
}
