import type { Clock, Timer } from '@sluice/core';
import type { FromWorker } from './messages.ts';
import { WorkerError } from './worker-error.ts';

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (cause: Error) => void;
  readonly timer: Timer;
}

/** Replies that one worker owes: what it was asked and has not answered. */
export class PendingReplies {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #pending = new Map<number, Pending>();
  #lastId = 0;

  constructor(clock: Pick<Clock, 'schedule'>) {
    this.#clock = clock;
  }

  /** Rejects with a {@link WorkerError} when there is no reply in time, or the worker has none. */
  open(name: string, timeoutMs: number, send: (id: number) => void): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const timer = this.#clock.schedule(timeoutMs, () => {
        this.#pending.delete(id);
        reject(new WorkerError(`A worker did not answer "${name}" within ${timeoutMs} ms.`));
      });
      this.#pending.set(id, { resolve, reject, timer });
      send(id);
    });
  }

  /** A reply that comes too late is dropped. */
  settle({ id, value, error }: Extract<FromWorker, { type: 'reply' }>): void {
    const pending = this.#pending.get(id);
    if (pending === undefined) return;
    this.#pending.delete(id);
    pending.timer.cancel();
    if (error === undefined) pending.resolve(value);
    else pending.reject(new WorkerError(error));
  }

  /** The worker has ended: there will be no replies. */
  close(): void {
    for (const { reject, timer } of this.#pending.values()) {
      timer.cancel();
      reject(new WorkerError('The worker ended before it answered.'));
    }
    this.#pending.clear();
  }
}
