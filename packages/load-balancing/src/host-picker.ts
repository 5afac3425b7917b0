import type { Hash64 } from './hash64.ts';
import type { Host } from './host.ts';
import type { LoadBalancerOptions } from './load-balancer-options.ts';
import type { SlowStart } from './slow-start.ts';

/** Picks among hosts that stay the same and are all usable. */
export interface HostPicker<H extends Host> {
  pick(hash: Hash64 | undefined): H | undefined;
}

/** What pickers are made with. */
export interface PickerSettings {
  readonly options: LoadBalancerOptions;
  readonly slowStart: SlowStart;
  /** From 0 up to but not including 1. */
  readonly random: () => number;
}
