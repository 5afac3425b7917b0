import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';

/**
 * Draws a few hosts and takes the one with the fewest active requests. Two are enough to keep the
 * load of the fullest host near the average, and no host is overrun when it looks empty.
 */
export class LeastRequestPicker<H extends Host> implements HostPicker<H> {
  readonly #hosts: readonly H[];
  readonly #random: () => number;
  readonly #choiceCount: number;

  constructor(hosts: readonly H[], random: () => number, choiceCount: number) {
    this.#hosts = hosts;
    this.#random = random;
    this.#choiceCount = choiceCount;
  }

  pick(): H | undefined {
    let best = this.#draw();
    for (let count = 1; count < this.#choiceCount && best !== undefined; count++) {
      const other = this.#draw();
      if (other !== undefined && other.activeRequests < best.activeRequests) best = other;
    }
    return best;
  }

  #draw(): H | undefined {
    return this.#hosts[Math.floor(this.#random() * this.#hosts.length)];
  }
}
