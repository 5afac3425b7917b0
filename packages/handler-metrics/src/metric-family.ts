import { MetricError } from './metric-error.ts';

/** Stands for every value of a label that is not one of those it may have. */
export const OTHER = 'other';

/**
 * For each label the values that it may have, or how many different ones. A value beyond that is
 * counted as `other`, so that no client can make the registry grow.
 */
export type LabelValues = Readonly<Record<string, readonly string[] | number>>;

/** A child of a family with the values of its labels. */
export interface LabelledChild<Child> {
  readonly labels: Readonly<Record<string, string>>;
  readonly child: Child;
}

/** A metric with its children, one for each combination of label values that has occurred. */
export class MetricFamily<Child> {
  readonly labelNames: readonly string[];
  readonly #values: readonly LabelBound[];
  readonly #make: () => Child;
  readonly #children = new Map<string, LabelledChild<Child>>();

  constructor(labels: LabelValues, make: () => Child) {
    this.labelNames = Object.keys(labels);
    this.#values = Object.values(labels).map((bound) => new LabelBound(bound));
    this.#make = make;
  }

  /**
   * The child for these values, given in the order of the declaration. Hold on to it where it is
   * used often: it stays the same. Throws a {@link MetricError} for a wrong number of values.
   */
  labels(...values: readonly string[]): Child {
    if (values.length !== this.#values.length) {
      const wanted = this.labelNames.join(', ') || 'none';
      throw new MetricError(`Expected a value for each of the labels (${wanted}), found ${values.length}.`);
    }
    const bounded = this.#values.map((bound, at) => bound.fold(values[at] ?? OTHER));
    const key = bounded.join('\0');
    const known = this.#children.get(key);
    if (known !== undefined) return known.child;
    const labels = Object.fromEntries(this.labelNames.map((name, at) => [name, bounded[at] ?? OTHER]));
    const child = this.#make();
    this.#children.set(key, { labels, child });
    return child;
  }

  /**
   * Forgets the children that have this value of this label, and makes room for another one. Who still
   * holds such a child counts on for nobody.
   */
  remove(label: string, value: string): void {
    for (const [key, { labels }] of this.#children) {
      if (labels[label] === value) this.#children.delete(key);
    }
    this.#values[this.labelNames.indexOf(label)]?.forget(value);
  }

  /** All children, in the order in which they first occurred. */
  children(): IterableIterator<LabelledChild<Child>> {
    return this.#children.values();
  }
}

/** Which values of a label are kept. */
class LabelBound {
  readonly #known: Set<string>;
  readonly #maxSize: number;
  readonly #isList: boolean;

  constructor(bound: readonly string[] | number) {
    const isList = typeof bound !== 'number';
    this.#isList = isList;
    this.#known = new Set(isList ? bound : []);
    this.#maxSize = isList ? this.#known.size : bound;
  }

  fold(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#maxSize) return OTHER;
    this.#known.add(value);
    return value;
  }

  // Those of a list are declared, whether they have occurred or not.
  forget(value: string): void {
    if (!this.#isList) this.#known.delete(value);
  }
}
