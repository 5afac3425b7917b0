import type { Outcome } from './outcome.ts';

/** The share of cases that must hold, known gaps included. */
export const REQUIRED_SHARE = 0.95;

/** Collects outcomes and weighs them against the known gaps. A case holds when it holds in every feeding. */
export class Scoreboard {
  readonly #knownGaps: ReadonlyMap<string, string>;
  readonly #holds = new Map<string, boolean>();

  constructor(knownGaps: ReadonlyMap<string, string>) {
    this.#knownGaps = knownGaps;
  }

  /** Adds outcomes and returns a line for each failure that no known gap explains. */
  add(outcomes: readonly Outcome[]): readonly string[] {
    for (const { id, failures } of outcomes) {
      this.#holds.set(id, failures.length === 0 && (this.#holds.get(id) ?? true));
    }
    return outcomes
      .filter(({ id, failures }) => failures.length > 0 && !this.#knownGaps.has(id))
      .map(({ id, failures }) => `${id}: ${failures.join('; ')}`);
  }

  /** How many cases were seen. */
  get total(): number {
    return this.#holds.size;
  }

  /** How many hold. */
  get held(): number {
    return [...this.#holds.values()].filter(Boolean).length;
  }

  /** The share of cases that hold, from 0 to 1; 0 when there was none. */
  get share(): number {
    return this.total === 0 ? 0 : this.held / this.total;
  }

  /** Known gaps that are closed: they must leave the list. */
  closedGaps(): readonly string[] {
    return [...this.#knownGaps.keys()].filter((id) => this.#holds.get(id) === true);
  }
}
