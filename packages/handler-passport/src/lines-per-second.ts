/** Lets so many lines through in each second, and tells how many it did not. */
export class LinesPerSecond {
  readonly #max: number;
  #beganAt = -Infinity;
  #lines = 0;
  #leftOut = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Whether there is room for one more, at this time in ms. */
  take(now: number): boolean {
    if (now - this.#beganAt >= 1_000) {
      this.#beganAt = now;
      this.#lines = 0;
    }
    if (this.#lines < this.#max) {
      this.#lines++;
      return true;
    }
    this.#leftOut++;
    return false;
  }

  /** How many were not let through since this was asked last. */
  takeLeftOut(): number {
    const leftOut = this.#leftOut;
    this.#leftOut = 0;
    return leftOut;
  }
}
