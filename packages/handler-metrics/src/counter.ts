/** A number that only grows: how often something has happened. Adding to it is one addition. */
export class Counter {
  #value = 0;

  get value(): number {
    return this.#value;
  }

  /** Adds `by`, which must not be negative. */
  inc(by = 1): void {
    this.#value += by;
  }
}
