import { Filter } from '@sluice/filters';

/** About a millisecond of one core, so that a gateway is overloaded long before those who ask it. */
const STEPS = 600_000;

/** Computes for every request, as a filter may that verifies a signature. */
export class Computing {
  #state = 1;

  apply(request) {
    let state = this.#state;
    for (let step = 0; step < STEPS; step += 1) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
    }
    this.#state = state;
    return request;
  }
}

// What `@Filter({ … })` before the class is in TypeScript.
Filter({ type: 'inbound', name: 'computing' })(Computing);
