import type { Logger } from '../logger.ts';

/** Runs tasks in the order in which they came; an error is logged, never thrown. */
export class TaskQueue {
  readonly #logger: Logger;
  #tasks: (() => void)[] = [];
  #at = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  get isEmpty(): boolean {
    return this.#at === this.#tasks.length;
  }

  get size(): number {
    return this.#tasks.length - this.#at;
  }

  add(task: () => void): void {
    this.#tasks.push(task);
  }

  /** Runs up to `limit` tasks, those added meanwhile included. Returns whether none is left. */
  drain(limit: number): boolean {
    for (let left = limit; left > 0 && this.#at < this.#tasks.length; left--) {
      const task = this.#tasks[this.#at++];
      if (task) runTask(task, this.#logger);
    }
    // A queue that is never empty must not keep what it has run.
    this.#tasks = this.isEmpty ? [] : this.#tasks.slice(this.#at);
    this.#at = 0;
    return this.isEmpty;
  }
}

/** Runs tasks in turns of a loop: at most so many in each, and what a task adds in the turn after its own. */
export class TurnQueue {
  readonly #schedule: (run: () => void) => void;
  readonly #most: number;
  readonly #tasks: TaskQueue;
  #isDue = false;

  /** `schedule` has something run in the next turn. */
  constructor(schedule: (run: () => void) => void, most: number, logger: Logger) {
    this.#schedule = schedule;
    this.#most = most;
    this.#tasks = new TaskQueue(logger);
  }

  add(task: () => void): void {
    this.#tasks.add(task);
    if (this.#isDue) return;
    this.#isDue = true;
    this.#schedule(this.#run);
  }

  readonly #run = (): void => {
    this.#isDue = !this.#tasks.drain(Math.min(this.#tasks.size, this.#most));
    if (this.#isDue) this.#schedule(this.#run);
  };
}

/** Runs a task whose error must not reach the caller. */
export function runTask(task: () => void, logger: Logger): void {
  try {
    task();
  } catch (cause) {
    logger.warn({ err: cause }, 'A task of an event loop threw.');
  }
}
