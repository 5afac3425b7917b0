import { Histogram as PromHistogram } from 'prom-client';
import type { Registry } from 'prom-client';
import type { Histogram } from '../histogram.ts';
import type { MetricFamily } from '../metric-family.ts';

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly sharedLabels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface ExposedHistogram {
  readonly name: string;
  readonly help: string;
  readonly type: 'histogram';
  readonly aggregator: 'sum';
  readonly values: readonly Sample[];
}

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
  getForPromString(): Promise<ExposedHistogram> {
    const [name, help] = [this.#name, this.#help];
    return Promise.resolve({ name, help, type: 'histogram', aggregator: 'sum', values: this.#values() });
  }

  #values(): Sample[] {
    const samples: Sample[] = [];
    for (const { labels: sharedLabels, child } of this.#family.children()) {
      const add = (suffix: string, value: number, labels: Sample['labels'] = {}): void =>
        void samples.push({ metricName: `${this.#name}_${suffix}`, labels, sharedLabels, value });
      const counts = child.cumulativeCounts();
      for (const [at, count] of counts.entries()) add('bucket', count, { le: this.#bounds[at] ?? '+Inf' });
      add('sum', child.sum);
      add('count', counts.at(-1) ?? 0);
    }
    return samples;
  }
}
