/** Lets so many tasks run at a time and so many wait for their turn, and no more. */
export class Turnstile {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /** Runs a task when it is its turn; undefined when too many wait. */
  run<T>(task: () => Promise<T>): Promise<T> | undefined {
    if (this.#running < this.#maxRunning) {
      this.#running++;
      return this.#start(task);
    }
    if (this.#waiting.length >= this.#maxWaiting) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(() => resolve(this.#start(task)));
    });
  }

  async #start<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      // The next one takes this one's place.
      if (next === undefined) this.#running--;
      else next();
    }
  }
}
