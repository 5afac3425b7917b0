import { Counter as PromCounter, Gauge as PromGauge, Registry } from 'prom-client';
import { CollectedHistogram } from './collected-histogram.ts';
import { Counter } from './counter.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { MetricError } from './metric-error.ts';
import { MetricFamily } from './metric-family.ts';
import type { LabelValues } from './metric-family.ts';
import { prometheusName } from './metric-name.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';

/** Declares a metric. */
export interface MetricDeclaration {
  /** In dots, as in the catalogue: `server.connections.connect`. */
  readonly name: string;
  /** One sentence for the reader of the exposition. */
  readonly help: string;
  /** Default: none. */
  readonly labels?: LabelValues;
}

export interface GaugeDeclaration extends MetricDeclaration {
  /**
   * What the gauges of several processes come to together. Default: `sum`, for what each has some of;
   * `min` or `max` for what all see alike.
   */
  readonly merge?: 'sum' | 'min' | 'max';
}

export interface HistogramDeclaration extends MetricDeclaration {
  /** Upper ends of the buckets, ascending. */
  readonly bounds: readonly number[];
}

type MetricType = 'counter' | 'gauge' | 'histogram';

interface Registered {
  readonly type: MetricType;
  readonly family: MetricFamily<unknown>;
}

/**
 * All metrics of a gateway, and their text for Prometheus.
 *
 * Counting touches a plain number and nothing else. The library behind this takes the numbers when
 * somebody scrapes, and writes the text. A metric that is declared again in the same way is the
 * same metric: handlers of several listeners share it.
 */
export class MetricsRegistry {
  /** For metrics that are made with prom-client itself, as those of `collectDefaultMetrics`. */
  readonly promRegistry = new Registry();
  readonly #metrics = new Map<string, Registered>();

  /** Throws a {@link MetricError} when the name is in use for something else. */
  counter(declaration: MetricDeclaration): MetricFamily<Counter> {
    return this.#declare(
      'counter',
      declaration,
      () => new Counter(),
      (name, family) => {
        exposeCounter({ ...declaration, name }, family, this.promRegistry);
      },
    );
  }

  /** Throws a {@link MetricError} when the name is in use for something else. */
  gauge(declaration: GaugeDeclaration): MetricFamily<Gauge> {
    return this.#declare(
      'gauge',
      declaration,
      () => new Gauge(),
      (name, family) => {
        exposeGauge({ ...declaration, name }, family, this.promRegistry);
      },
    );
  }

  /** Throws a {@link MetricError} when the name is in use for something else. */
  histogram(declaration: HistogramDeclaration): MetricFamily<Histogram> {
    const { bounds } = declaration;
    return this.#declare(
      'histogram',
      declaration,
      () => new Histogram(bounds),
      (name, family) => {
        void new CollectedHistogram({ ...declaration, name }, bounds, family, this.promRegistry);
      },
    );
  }

  /** The content type of {@link exposition}. */
  get contentType(): string {
    return this.promRegistry.contentType;
  }

  /** All metrics in the text format that Prometheus scrapes, version 0.0.4. */
  exposition(): Promise<string> {
    return this.promRegistry.metrics();
  }

  /** All figures as they are now, to be merged with those of other processes. */
  snapshot(): Promise<MetricsSnapshot> {
    return this.promRegistry.getMetricsAsJSON();
  }

  #declare<Child>(
    type: MetricType,
    { name, labels = {} }: MetricDeclaration,
    make: () => Child,
    expose: (name: string, family: MetricFamily<Child>) => void,
  ): MetricFamily<Child> {
    const exposedName = prometheusName(name, type);
    const known = this.#metrics.get(exposedName);
    if (known === undefined) {
      const family = new MetricFamily(labels, make);
      expose(exposedName, family);
      this.#metrics.set(exposedName, { type, family });
      return family;
    }
    if (known.type !== type || String(known.family.labelNames) !== String(Object.keys(labels))) {
      const had = `a ${known.type} with the labels (${known.family.labelNames.join(', ')})`;
      throw new MetricError(`The metric ${name} is declared already: ${had}.`);
    }
    return known.family as MetricFamily<Child>;
  }
}

function exposeCounter(
  { name, help }: MetricDeclaration,
  family: MetricFamily<Counter>,
  registry: Registry,
): void {
  void new PromCounter({
    name,
    help,
    labelNames: family.labelNames,
    registers: [registry],
    collect(this: PromCounter) {
      this.reset();
      for (const { labels, child } of family.children()) this.inc(labels, child.value);
    },
  });
}

function exposeGauge(
  { name, help, merge = 'sum' }: GaugeDeclaration,
  family: MetricFamily<Gauge>,
  registry: Registry,
): void {
  void new PromGauge({
    name,
    help,
    aggregator: merge,
    labelNames: family.labelNames,
    registers: [registry],
    collect(this: PromGauge) {
      for (const { labels, child } of family.children()) this.set(labels, child.value);
    },
  });
}
