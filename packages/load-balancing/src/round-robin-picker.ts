import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';

/** Takes hosts of one weight in turn, from a random one on. */
export class RoundRobinPicker<H extends Host> implements HostPicker<H> {
  readonly #hosts: readonly H[];
  #next: number;

  constructor(hosts: readonly H[], random: () => number) {
    this.#hosts = hosts;
    this.#next = Math.floor(random() * hosts.length);
  }

  pick(): H | undefined {
    const host = this.#hosts[this.#next];
    this.#next = this.#next + 1 < this.#hosts.length ? this.#next + 1 : 0;
    return host;
  }
}
