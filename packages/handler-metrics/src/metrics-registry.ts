import { Counter } from './counter.ts';
import type { DeclaredMetric, MetricMerge } from './declared-metric.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { MetricError } from './metric-error.ts';
import { MetricFamily } from './metric-family.ts';
import type { LabelValues } from './metric-family.ts';
import { checkLabelNames, prometheusName } from './metric-name.ts';

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
  readonly merge?: MetricMerge;
}

export interface HistogramDeclaration extends MetricDeclaration {
  /** Upper ends of the buckets, ascending. */
  readonly bounds: readonly number[];
}

/**
 * All metrics of a gateway. `@sluice/handler-metrics/prometheus` has what tells their figures.
 *
 * Counting touches a plain number and nothing else. A metric that is declared again in the same way
 * is the same metric: handlers of several listeners share it.
 */
export class MetricsRegistry {
  readonly #metrics = new Map<string, DeclaredMetric>();

  /** Throws a {@link MetricError} when the name is in use for something else. */
  counter({ name, help, labels = {} }: MetricDeclaration): MetricFamily<Counter> {
    const family = new MetricFamily(labels, () => new Counter());
    return this.#declare({ type: 'counter', name, help, family });
  }

  /** Throws a {@link MetricError} when the name is in use for something else. */
  gauge({ name, help, labels = {}, merge = 'sum' }: GaugeDeclaration): MetricFamily<Gauge> {
    const family = new MetricFamily(labels, () => new Gauge());
    return this.#declare({ type: 'gauge', name, help, family, merge });
  }

  /** Throws a {@link MetricError} when the name is in use for something else. */
  histogram({ name, help, labels = {}, bounds }: HistogramDeclaration): MetricFamily<Histogram> {
    const family = new MetricFamily(labels, () => new Histogram(bounds));
    return this.#declare({ type: 'histogram', name, help, family, bounds });
  }

  /** What is declared, by the names that Prometheus knows. */
  get metrics(): ReadonlyMap<string, DeclaredMetric> {
    return this.#metrics;
  }

  #declare<Metric extends DeclaredMetric>(metric: Metric): Metric['family'] {
    const { type, name, family } = metric;
    const exposedName = prometheusName(name, type);
    const known = this.#metrics.get(exposedName);
    if (known === undefined) {
      checkLabelNames(name, family.labelNames);
      this.#metrics.set(exposedName, metric);
      return family;
    }
    if (known.type !== type || String(known.family.labelNames) !== String(family.labelNames)) {
      const had = `a ${known.type} with the labels (${known.family.labelNames.join(', ')})`;
      throw new MetricError(`The metric ${name} is declared already: ${had}.`);
    }
    return known.family;
  }
}
