import type { Clock } from '@sluice/core';
import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { FilterListener } from './filter-listener.ts';
import type { FilterExecution, FilterStatus, FinalFilterStatus } from './filter-status.ts';

/**
 * What became of each filter of a set with one request.
 *
 * A status is a slot of an array; what a reader wants to know is put together when it is asked for.
 * The clock is read for asynchronous filters, and for the others where a listener asks for that.
 */
export class FilterExecutions {
  readonly #entries: readonly FilterEntry<unknown>[];
  readonly #clock: Clock;
  readonly #listener: FilterListener | undefined;
  readonly #statuses: (FilterStatus | undefined)[];
  #durations: number[] | undefined = undefined;

  /** `entries` are those of a set: each has its place in it as its index. */
  constructor(entries: readonly FilterEntry<unknown>[], clock: Clock, listener: FilterListener | undefined) {
    this.#entries = entries;
    this.#clock = clock;
    this.#listener = listener;
    // Of its full length from the start: one allocation.
    // oxlint-disable-next-line unicorn/no-new-array
    this.#statuses = new Array<FilterStatus | undefined>(entries.length);
  }

  /** When a filter is called, by the clock in ms; undefined where nobody wants to know. */
  startTime(): number | undefined {
    return this.#listener?.timesAll === true ? this.#clock.now() : undefined;
  }

  /** A filter waits for the whole body. */
  awaitBody(entry: FilterEntry<unknown>): void {
    this.#statuses[entry.index] = 'BODY_AWAIT';
  }

  /** An endpoint has begun, and answers when it likes. */
  awaitResponse(entry: FilterEntry<unknown>): void {
    this.#statuses[entry.index] = 'ASYNC_AWAIT';
  }

  /** A filter waits for what it has promised. Returns the time from which on it does. */
  awaitResult(entry: FilterEntry<unknown>, startedAt: number | undefined): number {
    this.#statuses[entry.index] = 'ASYNC_AWAIT';
    return startedAt ?? this.#clock.now();
  }

  /** A filter is through with the message. */
  end(entry: FilterEntry<unknown>, status: FinalFilterStatus, startedAt?: number): void {
    this.#statuses[entry.index] = status;
    const durationMs = startedAt === undefined ? undefined : this.#clock.now() - startedAt;
    if (durationMs !== undefined) (this.#durations ??= [])[entry.index] = durationMs;
    if (this.#listener !== undefined) this.#tell(this.#listener, entry, status, durationMs);
  }

  /** A filter was refused because too many calls of it are under way. */
  reject(entry: FilterEntry<unknown>): void {
    try {
      this.#listener?.onFilterRejected?.(entry);
    } catch {
      // Who counts must not stop who is counted.
    }
  }

  /** An endpoint has written to a request that was over. */
  writeLate(entry: FilterEntry<unknown>): void {
    try {
      this.#listener?.onLateWrite?.(entry);
    } catch {
      // Who counts must not stop who is counted.
    }
  }

  /** In the order in which the filters run; those that a request did not come to are left out. */
  list(): FilterExecution[] {
    return this.#entries.flatMap(({ name, kind, index }) => {
      const status = this.#statuses[index];
      const durationMs = this.#durations?.[index];
      return status === undefined ? [] : [{ filter: name, kind, status, durationMs }];
    });
  }

  #tell(
    listener: FilterListener,
    entry: FilterEntry<unknown>,
    status: FinalFilterStatus,
    durationMs: number | undefined,
  ): void {
    try {
      listener.onFilterExecuted(entry, status, durationMs);
    } catch {
      // Who counts must not stop who is counted.
    }
  }
}
