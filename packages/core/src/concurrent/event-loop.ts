import type { Logger } from '../logger.ts';
import { stderrLogger } from '../logger.ts';
import type { Clock, Timer } from './clock.ts';
import { runBehind } from './run-behind.ts';

/**
 * Runs the tasks of channels, one after the other.
 *
 * A task given to {@link execute} runs after the event that gave it, before the process
 * waits for I/O again; a task given to {@link nextTurn} runs after the I/O of the current
 * turn has been seen, and so does one given to {@link schedule} that is due: what came while
 * the process stood still is read before anybody is told that nothing came. A task that throws
 * is logged and the loop goes on.
 */
export interface EventLoop {
  readonly clock: Clock;
  execute(task: () => void): void;
  nextTurn(task: () => void): void;
  schedule(delayMs: number, task: () => void): Timer;
}

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
    if (!this.isEmpty) return false;
    this.#tasks = [];
    this.#at = 0;
    return true;
  }
}

/** Runs a task whose error must not reach the caller. */
export function runTask(task: () => void, logger: Logger): void {
  try {
    task();
  } catch (cause) {
    logger.warn({ err: cause }, 'A task of an event loop threw.');
  }
}

// So many tasks run before I/O gets its turn again.
const TASKS_A_TURN = 1000;

/** The event loop of the Node.js process. One is enough; every channel can share it. */
export class NodeEventLoop implements EventLoop {
  readonly clock: Clock;
  readonly #tasks: TaskQueue;
  readonly #nextTurn: TaskQueue;
  #isDrainDue = false;
  #isNextTurnDue = false;

  constructor(clock: Clock, logger: Logger = stderrLogger) {
    this.clock = clock;
    this.#tasks = new TaskQueue(logger);
    this.#nextTurn = new TaskQueue(logger);
  }

  execute(task: () => void): void {
    this.#tasks.add(task);
    if (this.#isDrainDue) return;
    this.#isDrainDue = true;
    runBehind(this.#drain);
  }

  nextTurn(task: () => void): void {
    this.#nextTurn.add(task);
    if (this.#isNextTurnDue) return;
    this.#isNextTurnDue = true;
    setImmediate(this.#drainNextTurn);
  }

  schedule(delayMs: number, task: () => void): Timer {
    return new LoopTimer(this, delayMs, task);
  }

  readonly #drain = (): void => {
    this.#isDrainDue = !this.#tasks.drain(TASKS_A_TURN);
    if (this.#isDrainDue) setImmediate(this.#drain);
  };

  readonly #drainNextTurn = (): void => {
    // What a task adds here waits for the turn after this one.
    this.#isNextTurnDue = !this.#nextTurn.drain(this.#nextTurn.size);
    if (this.#isNextTurnDue) setImmediate(this.#drainNextTurn);
  };
}

/** A timer whose task runs behind the I/O of the turn in which it is due. */
class LoopTimer implements Timer {
  readonly #task: () => void;
  readonly #timer: Timer;
  #isDue = false;

  constructor(loop: EventLoop, delayMs: number, task: () => void) {
    this.#task = task;
    this.#timer = loop.clock.schedule(delayMs, () => {
      this.#isDue = true;
      loop.nextTurn(() => this.#run());
    });
  }

  cancel(): void {
    this.#isDue = false;
    this.#timer.cancel();
  }

  refresh(): void {
    this.#isDue = false;
    this.#timer.refresh();
  }

  #run(): void {
    if (!this.#isDue) return;
    this.#isDue = false;
    this.#task();
  }
}
