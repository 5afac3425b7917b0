import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { stderrLogger, SystemClock } from '@sluice/core';
import type { Clock, Logger } from '@sluice/core';
import { AccessLogOptions } from './access-log-options.ts';
import type { AccessLogWriter } from './access-log-writer.ts';

// So many are written without waiting for more.
const BATCH_BYTES = 64 * 1024;

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
  readonly clock?: Pick<Clock, 'schedule'>;
  /** Told of each loss: the place to count them. */
  readonly onDrop?: (lines: number) => void;
  /** Told once when writing begins to fail. Default: standard error. */
  readonly logger?: Logger;
}

/**
 * Writes the lines of one turn of the event loop together. Those that come within an interval after that
 * are the next batch, since a write costs about as much as a request. While the destination is too slow or
 * fails, lines are dropped and counted, and memory stays bounded. A clean {@link close} loses nothing.
 */
export class BatchWriter implements AccessLogWriter {
  readonly #destination: LogDestination;
  readonly #maxQueuedBytes: number;
  readonly #flushIntervalMs: number;
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #onDrop: (lines: number) => void;
  readonly #logger: Logger;
  #lines: string[] = [];
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

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.flush();
    await this.#destination.close();
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
    const lines = this.#lines;
    const bytes = Buffer.from(lines.join(''), 'latin1');
    this.#lines = [];
    let written = 0;
    try {
      while (written < bytes.length) written += await this.#destination.write(bytes.subarray(written));
      this.#isFailing = false;
    } catch (cause) {
      this.#drop(lines.length - wholeLines(lines, written));
      if (!this.#isFailing)
        this.#logger.warn({ err: cause }, 'The access log can not be written; lines are lost.');
      this.#isFailing = true;
    }
    this.#queuedBytes -= bytes.length;
  }

  #drop(lines: number): void {
    this.#droppedLines += lines;
    try {
      this.#onDrop(lines);
    } catch (cause) {
      this.#logger.warn({ err: cause }, 'Lost lines of the access log could not be counted.');
    }
  }
}

/** How many of the lines are whole in the first bytes of them. */
function wholeLines(lines: readonly string[], bytes: number): number {
  let end = 0;
  const begun = lines.findIndex((line) => (end += line.length) > bytes);
  return begun < 0 ? lines.length : begun;
}
