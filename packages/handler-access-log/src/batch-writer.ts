import { setImmediate as nextTurn } from 'node:timers/promises';
import { stderrLogger, SystemClock } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import { AccessLogOptions } from './access-log-options.ts';
import type { AccessLogWriter } from './access-log-writer.ts';
import { LineBatch } from './line-batch.ts';

// So many are written without waiting for more.
const BATCH_BYTES = 64 * 1024;

/** How long a close waits for what is queued, in ms. */
const CLOSE_TIMEOUT_MS = 3_000;

/** Where batches of lines go. */
export interface LogDestination {
  /**
   * Resolves to how many of the bytes, whole lines, have been written; it is given the rest again. When it rejects,
   * a line that is not whole is lost. One call at a time.
   */
  write(bytes: Buffer): Promise<number>;
  /** Opens what is there under its name now; also before the first write. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export interface BatchWriterOptions {
  /** Bytes of lines that may wait to be written; a line beyond is dropped. Default: 8 MiB. */
  readonly maxQueuedBytes?: number;
  /** For so long after a write, in ms, lines wait for each other, up to 64 KiB of them. Default: 100. */
  readonly flushIntervalMs?: number;
  /** How long a close may take, in ms; what is not written by then is lost. Default: 3000. */
  readonly closeTimeoutMs?: number;
  readonly clock?: Pick<Clock, 'schedule'>;
  /** Told of each loss: the place to count them. */
  readonly onDrop?: (lines: number) => void;
  /** Told once when writing begins to fail, and of a close that was not done in time. Default: standard error. */
  readonly logger?: Logger;
}

/**
 * Writes the lines of one turn of the event loop together. Those that come within an interval after that
 * are the next batch, since a write costs about as much as a request. While the destination is too slow or
 * fails, lines are dropped and counted, and memory stays bounded. A {@link close} loses nothing that is taken in time.
 */
export class BatchWriter implements AccessLogWriter {
  readonly #destination: LogDestination;
  readonly #maxQueuedBytes: number;
  readonly #flushIntervalMs: number;
  readonly #closeTimeoutMs: number;
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #onDrop: (lines: number) => void;
  readonly #logger: Logger;
  #lines: string[] = [];
  /** What is being written. */
  #batch: LineBatch | undefined = undefined;
  #queuedBytes = 0;
  #droppedLines = 0;
  #draining: Promise<void> | undefined = undefined;
  #endPause: (() => void) | undefined = undefined;
  /** Whether somebody waits for what is queued. */
  #isFlushing = false;
  #isReopenDue = false;
  #isFailing = false;
  #isClosed = false;

  constructor(destination: LogDestination, options: BatchWriterOptions = {}) {
    this.#destination = destination;
    const { maxQueuedBytes, flushIntervalMs } = new AccessLogOptions();
    this.#maxQueuedBytes = options.maxQueuedBytes ?? maxQueuedBytes;
    this.#flushIntervalMs = options.flushIntervalMs ?? flushIntervalMs;
    this.#closeTimeoutMs = options.closeTimeoutMs ?? CLOSE_TIMEOUT_MS;
    this.#clock = options.clock ?? new SystemClock();
    this.#onDrop = options.onDrop ?? (() => {});
    this.#logger = options.logger ?? stderrLogger;
  }

  /** Lines that were lost. */
  get droppedLines(): number {
    return this.#droppedLines;
  }

  /** Bytes that wait to be written. */
  get queuedBytes(): number {
    return this.#queuedBytes;
  }

  write(line: string): void {
    if (this.#isClosed || this.#queuedBytes + line.length > this.#maxQueuedBytes) {
      this.#drop(1);
      return;
    }
    this.#lines.push(line);
    this.#queuedBytes += line.length;
    if (this.#queuedBytes >= BATCH_BYTES) this.#endPause?.();
    this.#draining ??= this.#drain();
  }

  reopen(): void {
    if (this.#isClosed) return;
    this.#isReopenDue = true;
    this.#endPause?.();
    this.#draining ??= this.#drain();
  }

  /** Resolves when all lines taken before are written or dropped. */
  async flush(): Promise<void> {
    this.#isFlushing = true;
    this.#endPause?.();
    await this.#draining;
    this.#isFlushing = false;
  }

  /** Resolves when what is queued is written and the destination closed, or the time is up: then what is left is dropped. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const closed = this.flush().then(() => this.#destination.close());
    await new Promise<void>((resolve, reject) => {
      const timer = this.#clock.schedule(this.#closeTimeoutMs, () => {
        this.#giveUp();
        resolve();
      });
      closed.finally(() => timer.cancel()).then(resolve, reject);
    });
  }

  async #drain(): Promise<void> {
    await nextTurn();
    while (this.#isReopenDue || this.#lines.length > 0) {
      await this.#reopenIfDue();
      await this.#writeBatch();
      await this.#pause();
    }
    this.#draining = undefined;
  }

  #pause(): Promise<void> | undefined {
    if (this.#isFlushing || this.#flushIntervalMs === 0 || this.#queuedBytes >= BATCH_BYTES) return undefined;
    return new Promise((resolve) => {
      const end = (): void => {
        timer.cancel();
        this.#endPause = undefined;
        resolve();
      };
      const timer = this.#clock.schedule(this.#flushIntervalMs, end);
      this.#endPause = end;
    });
  }

  async #reopenIfDue(): Promise<void> {
    if (!this.#isReopenDue) return;
    this.#isReopenDue = false;
    try {
      await this.#destination.reopen();
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'The access log could not be opened.');
    }
  }

  async #writeBatch(): Promise<void> {
    if (this.#lines.length === 0) return;
    const batch = new LineBatch(this.#lines);
    this.#batch = batch;
    this.#lines = [];
    try {
      // A close that has given it up ends it.
      while (!batch.isWritten && this.#batch === batch) batch.took(await this.#destination.write(batch.rest));
      this.#isFailing = false;
    } catch (cause) {
      this.#drop(this.#batch?.unwrittenLines ?? 0);
      if (!this.#isFailing)
        this.#logger.warn({ err: cause }, 'The access log can not be written; lines are lost.');
      this.#isFailing = true;
    }
    this.#batch = undefined;
    this.#queuedBytes -= batch.length;
  }

  #giveUp(): void {
    const lines = (this.#batch?.unwrittenLines ?? 0) + this.#lines.length;
    this.#batch = undefined;
    this.#lines = [];
    this.#drop(lines);
    this.#logger.warn({ lines }, 'The access log was not written to its end in time; the rest is lost.');
  }

  #drop(lines: number): void {
    if (lines === 0) return;
    this.#droppedLines += lines;
    try {
      this.#onDrop(lines);
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'Lost lines of the access log could not be counted.');
    }
  }
}
