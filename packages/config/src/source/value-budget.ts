import type { ConfigLimits } from './config-limits.ts';

/** Counts the values of a configuration: a few aliases of aliases can stand for billions (an alias bomb). */
export class ValueBudget {
  readonly #limits: ConfigLimits;
  #values = 0;
  #aliased = 0;

  constructor(limits: ConfigLimits) {
    this.#limits = limits;
  }

  /** Takes one value; returns what is wrong when there is too much. */
  take(isAliased: boolean, depth: number): string | undefined {
    const { maxValues, maxAliasedValues, maxDepth } = this.#limits;
    this.#values++;
    if (isAliased) this.#aliased++;
    if (this.#aliased > maxAliasedValues) return `aliases stand for more than ${maxAliasedValues} values`;
    if (this.#values > maxValues) return `there are more than ${maxValues} values`;
    return depth > maxDepth ? `maps and lists are more than ${maxDepth} deep` : undefined;
  }
}
