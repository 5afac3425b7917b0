import type { Host } from './host.ts';
import type { HostPicker } from './host-picker.ts';

/** The hosts of one priority, as they stand now. */
export class PriorityGroup<H extends Host> {
  /** Those that may be chosen: the healthy ones, or in a panic all. */
  readonly usable: readonly H[];
  /** Its share of the requests, in %. */
  readonly load: number;
  /** Whether so few are healthy that all are used. */
  readonly isInPanic: boolean;
  readonly picker: HostPicker<H>;

  constructor(usable: readonly H[], load: number, isInPanic: boolean, picker: HostPicker<H>) {
    this.usable = usable;
    this.load = load;
    this.isInPanic = isInPanic;
    this.picker = picker;
  }
}
