import { Random } from './random.ts';

/** The same numbers for the same seed (xorshift32): not for secrets. */
export class SeededRandom extends Random {
  #state: number;

  constructor(seed: number) {
    super();
    // Zero would stay zero.
    this.#state = seed >>> 0 || 1;
  }

  override next(): number {
    let state = this.#state;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    this.#state = state >>> 0;
    return this.#state / 2 ** 32;
  }
}
