/** Wakes whoever waits for a condition, each time something is observed on a socket. */
export class Signal {
  readonly #checks = new Set<() => void>();

  /** Tells the waiting ones to look again. */
  notify(): void {
    for (const check of this.#checks) check();
  }

  /**
   * Resolves to true as soon as the condition holds, or to false after `deadlineMs`. What has come by then counts, though
   * the process had no time to read it: timers are run before I/O.
   */
  until(condition: () => boolean, deadlineMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const settle = (held: boolean): void => {
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve(held);
      };
      const check = (): void => {
        if (condition()) settle(true);
      };
      // The timers of this turn, the I/O of this turn, and behind it this.
      const timer = setTimeout(() => setImmediate(() => settle(condition())), deadlineMs);
      this.#checks.add(check);
    });
  }
}
