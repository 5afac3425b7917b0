import type { Clock, Timer } from '../concurrent/clock.ts';
import type { EventLoop } from '../concurrent/event-loop.ts';
import { TaskQueue, TurnQueue, runTask } from '../concurrent/task-queue.ts';
import type { Logger } from '../logger.ts';

/** An event loop that a test turns by hand. */
export class EmbeddedEventLoop implements EventLoop {
  readonly clock: Clock;
  readonly #logger: Logger;
  readonly #tasks: TaskQueue;
  readonly #nextTurn: TaskQueue;
  readonly #turns: TurnQueue;
  readonly #timers = new Set<Timer>();

  constructor(clock: Clock, logger: Logger) {
    this.clock = clock;
    this.#logger = logger;
    this.#tasks = new TaskQueue(logger);
    this.#nextTurn = new TaskQueue(logger);
    this.#turns = new TurnQueue((run) => this.nextTurn(run), 1, logger);
  }

  get hasTasks(): boolean {
    return !this.#tasks.isEmpty || !this.#nextTurn.isEmpty;
  }

  execute(task: () => void): void {
    this.#tasks.add(task);
  }

  nextTurn(task: () => void): void {
    this.#nextTurn.add(task);
  }

  takeTurns(task: () => void): void {
    this.#turns.add(task);
  }

  schedule(delayMs: number, task: () => void): Timer {
    const timer = this.clock.schedule(delayMs, () => {
      runTask(task, this.#logger);
      this.runTasks();
    });
    this.#timers.add(timer);
    return timer;
  }

  /** Turns the loop until no task is left. */
  runTasks(): void {
    do {
      this.#tasks.drain(Infinity);
      this.#nextTurn.drain(this.#nextTurn.size);
    } while (this.hasTasks);
  }

  cancelTimers(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }
}
