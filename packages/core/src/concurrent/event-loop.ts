import type { Logger } from '../logger.ts';
import { stderrLogger } from '../logger.ts';
import type { Clock, Timer } from './clock.ts';
import { runBehind } from './run-behind.ts';
import { TaskQueue, TurnQueue } from './task-queue.ts';

/**
 * Runs the tasks of channels, one after the other.
 *
 * A task given to {@link execute} runs after the event that gave it, before the process
 * waits for I/O again; a task given to {@link nextTurn} runs after the I/O of the current
 * turn has been seen, and so does one given to {@link schedule} that is due: what came while
 * the process stood still is read before anybody is told that nothing came. Tasks given to
 * {@link takeTurns} run in turns of their own, one in each, in the order in which they came: for
 * work that would keep others waiting if all of it were done in one turn. A task that throws is
 * logged and the loop goes on.
 */
export interface EventLoop {
  readonly clock: Clock;
  execute(task: () => void): void;
  nextTurn(task: () => void): void;
  takeTurns(task: () => void): void;
  schedule(delayMs: number, task: () => void): Timer;
}

// So many tasks run before I/O gets its turn again.
const TASKS_A_TURN = 1000;

/** The event loop of the Node.js process. One is enough; every channel can share it. */
export class NodeEventLoop implements EventLoop {
  readonly clock: Clock;
  readonly #tasks: TaskQueue;
  readonly #nextTurn: TurnQueue;
  readonly #turns: TurnQueue;
  #isDrainDue = false;

  constructor(clock: Clock, logger: Logger = stderrLogger) {
    this.clock = clock;
    this.#tasks = new TaskQueue(logger);
    this.#nextTurn = new TurnQueue((run) => setImmediate(run), Infinity, logger);
    this.#turns = new TurnQueue((run) => this.nextTurn(run), 1, logger);
  }

  execute(task: () => void): void {
    this.#tasks.add(task);
    if (this.#isDrainDue) return;
    this.#isDrainDue = true;
    runBehind(this.#drain);
  }

  nextTurn(task: () => void): void {
    this.#nextTurn.add(task);
  }

  takeTurns(task: () => void): void {
    this.#turns.add(task);
  }

  schedule(delayMs: number, task: () => void): Timer {
    return new LoopTimer(this, delayMs, task);
  }

  readonly #drain = (): void => {
    this.#isDrainDue = !this.#tasks.drain(TASKS_A_TURN);
    if (this.#isDrainDue) setImmediate(this.#drain);
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
