export class RouterOptions {
  /** Decides between weighted origins; from 0 to below 1. Default: `Math.random`. */
  readonly random: () => number = Math.random;
}
