import type { HttpRequestMessage } from '@sluice/filters';
import { fractionOf, stickyKey } from './sticky-key.ts';
import type { StickyConfig } from './sticky-key.ts';

export interface WeightedOrigin {
  readonly origin: string;
  readonly weight: number;
}

/** The origins of a route: one, or several that share its requests by weight. */
export class OriginChoice {
  /** The names of all that may be chosen. */
  readonly names: readonly string[];
  /** Those that get requests at all. */
  readonly weighted: readonly WeightedOrigin[];
  /** What keeps a client with one of them; undefined: nothing does. */
  readonly sticky: StickyConfig | undefined;
  readonly #only: string | undefined;
  readonly #total: number;

  constructor(origins: readonly WeightedOrigin[], sticky?: StickyConfig) {
    this.weighted = origins.filter(({ weight }) => weight > 0);
    this.names = origins.map(({ origin }) => origin);
    this.#only = this.weighted.length === 1 ? this.weighted[0]?.origin : undefined;
    this.sticky = sticky;
    this.#total = this.weighted.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** `random`: from 0 to below 1, as `Math.random`. */
  choose(request: HttpRequestMessage, random: () => number): string | undefined {
    if (this.#only !== undefined) return this.#only;
    const key = this.sticky && stickyKey(request, this.sticky);
    let left = (key === undefined ? random() : fractionOf(key)) * this.#total;
    for (const { origin, weight } of this.weighted) {
      left -= weight;
      if (left < 0) return origin;
    }
    return this.weighted.at(-1)?.origin;
  }
}
