/** A number that goes up and down: how many there are now. */
export class Gauge {
  #value = 0;
  #read: (() => number) | undefined = undefined;

  get value(): number {
    return this.#read === undefined ? this.#value : this.#read();
  }

  /** From now on it is what `read` returns when somebody looks: counting costs nothing then. */
  follow(read: () => number): void {
    this.#read = read;
  }

  /** Takes {@link follow} back, unless it has followed something else since. */
  unfollow(read: () => number): void {
    if (this.#read === read) this.#read = undefined;
  }

  set(value: number): void {
    this.#value = value;
  }

  inc(by = 1): void {
    this.#value += by;
  }

  dec(by = 1): void {
    this.#value -= by;
  }
}
