import type { Host } from './host.ts';
import type { HostPicker, PickerSettings } from './host-picker.ts';
import { isHashing, makePicker } from './make-picker.ts';

/** The hosts of one priority, as they stand now. */
export class PriorityGroup<H extends Host> {
  /** Those that may be chosen: the healthy ones, or in a panic all. */
  readonly usable: readonly H[];
  /** Its share of the requests, in %. */
  readonly load: number;
  /** Whether so few are healthy that all are used. */
  readonly isInPanic: boolean;
  /** For first tries. */
  readonly picker: HostPicker<H>;
  /** For repetitions, with turns of its own: one that fails must not bring the next first try to the host that failed. */
  readonly retryPicker: HostPicker<H>;

  constructor(usable: readonly H[], load: number, isInPanic: boolean, settings: PickerSettings) {
    this.usable = usable;
    this.load = load;
    this.isInPanic = isInPanic;
    this.picker = makePicker(usable, settings);
    // A table is large, and a look at it moves nothing on.
    this.retryPicker = isHashing(settings.options.policy) ? this.picker : makePicker(usable, settings);
  }
}
