import { write } from 'node:fs';
import { promisify } from 'node:util';
import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import type { LogDestination } from './batch-writer.ts';
import { isFullPipe, waitForRoom, wholeLines } from './pipe-writes.ts';

const writeAt = promisify(write);

const LINE_FEED = 10;

export interface DescriptorOptions {
  /** Whether other processes write to it too: then each write is whole lines, of 4096 bytes at most unless one line is longer. */
  readonly isShared?: boolean;
  readonly clock?: Pick<Clock, 'schedule'>;
}

/**
 * A file descriptor that is open already, as that of standard output. It is written by a thread of
 * the pool, because a stream of Node.js would write to a pipe from the event loop and block it.
 */
export class DescriptorDestination implements LogDestination {
  readonly #descriptor: number;
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #isShared: boolean;
  #isWithinLine = false;
  /** Whether the rest of that line will not come. */
  #isLineLost = false;

  constructor(descriptor: number, { isShared = false, clock = new SystemClock() }: DescriptorOptions = {}) {
    this.#descriptor = descriptor;
    this.#isShared = isShared;
    this.#clock = clock;
  }

  async write(bytes: Buffer): Promise<number> {
    try {
      await this.#endLine();
      const piece = this.#isShared ? wholeLines(bytes) : bytes;
      const { bytesWritten } = await writeAt(this.#descriptor, piece);
      if (bytesWritten > 0) this.#isWithinLine = piece[bytesWritten - 1] !== LINE_FEED;
      return bytesWritten;
    } catch (cause) {
      if (isFullPipe(cause)) return waitForRoom(this.#clock);
      this.#isLineLost = this.#isWithinLine;
      throw cause;
    }
  }

  /** It has no name to be opened by. */
  reopen(): Promise<void> {
    return Promise.resolve();
  }

  /** It belongs to the process and stays open. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Has the next line begin as one where the one before has only begun. */
  async #endLine(): Promise<void> {
    if (!this.#isLineLost) return;
    await writeAt(this.#descriptor, '\n');
    this.#isLineLost = false;
    this.#isWithinLine = false;
  }
}
