import { EdfSchedule } from './edf-schedule.ts';
import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';

/** Takes hosts in turn, each as often as its weight says, which may change from turn to turn. */
export class WeightedPicker<H extends Host> implements HostPicker<H> {
  readonly #hosts: readonly H[];
  readonly #weightOf: (host: H) => number;
  readonly #schedule: EdfSchedule;

  constructor(hosts: readonly H[], random: () => number, weightOf: (host: H) => number) {
    this.#hosts = hosts;
    this.#weightOf = weightOf;
    this.#schedule = new EdfSchedule(hosts.map(weightOf), random);
  }

  pick(): H | undefined {
    const host = this.#hosts[this.#schedule.next];
    if (host !== undefined) this.#schedule.advance(this.#weightOf(host));
    return host;
  }
}
