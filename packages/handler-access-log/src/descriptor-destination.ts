import { write } from 'node:fs';
import { promisify } from 'node:util';
import { SystemClock } from '@sluice/core';
import type { Clock } from '@sluice/core';
import type { LogDestination } from './batch-writer.ts';

const writeAt = promisify(write);

/** How long to wait for a full pipe before the next try, in ms. */
const RETRY_MS = 10;

/**
 * A file descriptor that is open already, as that of standard output. It is written by a thread of
 * the pool, because a stream of Node.js would write to a pipe from the event loop and block it.
 */
export class DescriptorDestination implements LogDestination {
  readonly #descriptor: number;
  readonly #clock: Pick<Clock, 'schedule'>;

  constructor(descriptor: number, clock: Pick<Clock, 'schedule'> = new SystemClock()) {
    this.#descriptor = descriptor;
    this.#clock = clock;
  }

  async write(bytes: Buffer): Promise<void> {
    let left = bytes;
    while (left.length > 0) left = left.subarray(await this.#writeSome(left));
  }

  /** It has no name to be opened by. */
  reopen(): Promise<void> {
    return Promise.resolve();
  }

  /** It belongs to the process and stays open. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async #writeSome(bytes: Buffer): Promise<number> {
    try {
      return (await writeAt(this.#descriptor, bytes)).bytesWritten;
    } catch (cause) {
      if (!(cause instanceof Error && 'code' in cause && cause.code === 'EAGAIN')) throw cause;
      await new Promise<void>((resolve) => void this.#clock.schedule(RETRY_MS, resolve));
      return 0;
    }
  }
}
