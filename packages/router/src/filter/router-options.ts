import type { Random } from '../action/origin-choice.ts';

export class RouterOptions {
  /** Decides between weighted origins; from 0 to below 1. Default: `Math.random`. */
  readonly random: Random = Math.random;
}
