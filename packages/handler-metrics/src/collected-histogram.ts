import { Histogram as PromHistogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Histogram } from './histogram.ts';
import type { MetricFamily } from './metric-family.ts';

type Exposed = Awaited<ReturnType<PromHistogram['get']>>;

/** A histogram of the library whose figures are those of our own, taken when somebody scrapes. */
export class CollectedHistogram extends PromHistogram {
  readonly #name: string;
  readonly #help: string;
  readonly #bounds: readonly number[];
  readonly #family: MetricFamily<Histogram>;

  constructor(
    { name, help }: { name: string; help: string },
    bounds: readonly number[],
    family: MetricFamily<Histogram>,
    registry: Registry,
  ) {
    super({ name, help, labelNames: family.labelNames, buckets: [...bounds], registers: [registry] });
    this.#name = name;
    this.#help = help;
    this.#bounds = bounds;
    this.#family = family;
  }

  /** What the library asks a histogram for, both for its text and for `get`. */
  getForPromString(): Promise<
    Pick<Exposed, 'name' | 'help' | 'values'> & { type: string; aggregator: string }
  > {
    const [name, help] = [this.#name, this.#help];
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: this.#values() });
  }

  #values(): Exposed['values'] {
    const values: Exposed['values'] = [];
    for (const { labels, child } of this.#family.children()) {
      const counts = child.cumulativeCounts();
      for (const [at, count] of counts.entries()) {
        const le = this.#bounds[at] ?? '+Inf';
        values.push({ metricName: `${this.#name}_bucket`, labels: { ...labels, le }, value: count });
      }
      values.push({ metricName: `${this.#name}_sum`, labels, value: child.sum });
      values.push({ metricName: `${this.#name}_count`, labels, value: counts.at(-1) ?? 0 });
    }
    return values;
  }
}
