import { write } from 'node:fs';
import { promisify } from 'node:util';
import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import type { LogDestination } from './batch-writer.ts';

const writeAt = promisify(write);

/** How long to wait for a full pipe before the next try, in ms. */
const RETRY_MS = 10;

/** What a pipe takes whole or not at all: PIPE_BUF of Linux. */
const ATOMIC_BYTES = 4096;
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
      if (cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN') return this.#wait();
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

  async #wait(): Promise<number> {
    await new Promise<void>((resolve) => void this.#clock.schedule(RETRY_MS, resolve));
    return 0;
  }
}

/** As many whole lines as a pipe takes at once; the first line when it is longer than that. */
function wholeLines(bytes: Buffer): Buffer {
  if (bytes.length <= ATOMIC_BYTES) return bytes;
  const last = bytes.lastIndexOf(LINE_FEED, ATOMIC_BYTES - 1);
  const end = last >= 0 ? last : bytes.indexOf(LINE_FEED, ATOMIC_BYTES);
  return end < 0 ? bytes : bytes.subarray(0, end + 1);
}
