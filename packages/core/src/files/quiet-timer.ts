import type { Clock, Timer } from '../concurrent/clock.ts';

// Who writes steadily puts a reading off by so many intervals at most.
const MOST_INTERVALS = 4;

/** Calls back when what it is told of has been quiet for a while, and in any case after four times that. */
export class QuietTimer {
  readonly #clock: Clock;
  readonly #quietMs: number;
  readonly #task: () => void;
  #timer: Timer | undefined = undefined;
  #dueAt = 0;
  #latestAt = 0;

  constructor(clock: Clock, quietMs: number, task: () => void) {
    this.#clock = clock;
    this.#quietMs = quietMs;
    this.#task = task;
  }

  /** Something has happened. */
  stir(): void {
    const now = this.#clock.now();
    if (this.#timer === undefined) this.#latestAt = now + MOST_INTERVALS * this.#quietMs;
    const dueAt = Math.min(now + this.#quietMs, this.#latestAt);
    // At the latest it is due already: a timer that is made anew in each turn might never come to run.
    if (this.#timer !== undefined && dueAt === this.#dueAt) return;
    this.#timer?.cancel();
    this.#dueAt = dueAt;
    this.#timer = this.#clock.schedule(dueAt - now, () => {
      this.#timer = undefined;
      this.#task();
    });
  }

  /** What has happened so far counts no more. */
  cancel(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
