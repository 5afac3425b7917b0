import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';

/** Takes any host, whatever its weight. */
export class RandomPicker<H extends Host> implements HostPicker<H> {
  readonly #hosts: readonly H[];
  readonly #random: () => number;

  constructor(hosts: readonly H[], random: () => number) {
    this.#hosts = hosts;
    this.#random = random;
  }

  pick(): H | undefined {
    return this.#hosts[Math.floor(this.#random() * this.#hosts.length)];
  }
}
