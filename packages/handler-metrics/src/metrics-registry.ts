import type { Registry } from 'prom-client';
import { Counter } from './counter.ts';
import type { DeclaredMetric, MetricMerge } from './declared-metric.ts';
import { Gauge } from './gauge.ts';
import { Histogram } from './histogram.ts';
import { MetricError } from './metric-error.ts';
import { MetricFamily } from './metric-family.ts';
import type { LabelValues } from './metric-family.ts';
import { checkLabelNames, prometheusName } from './metric-name.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';
import type { PrometheusView } from './prometheus-view.ts';

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
 * All metrics of a gateway, and their text for Prometheus.
 *
 * Counting touches a plain number and nothing else. The library behind this is loaded and takes the
 * numbers when somebody scrapes, and writes the text. A metric that is declared again in the same way
 * is the same metric: handlers of several listeners share it.
 */
export class MetricsRegistry {
  /** The content type of {@link exposition}. */
  readonly contentType = 'text/plain; version=0.0.4; charset=utf-8';
  readonly #metrics = new Map<string, DeclaredMetric>();
  #view: PrometheusView | undefined = undefined;

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

  /** For metrics that are made with prom-client itself, as those of `collectDefaultMetrics`. */
  async promRegistry(): Promise<Registry> {
    // Imported where it is used: a gateway that nobody scrapes needs none of its 90 files.
    const { PrometheusView } = await import('./prometheus-view.ts');
    this.#view ??= new PrometheusView();
    return this.#view.show(this.#metrics);
  }

  /** All metrics in the text format that Prometheus scrapes, version 0.0.4. */
  async exposition(): Promise<string> {
    return (await this.promRegistry()).metrics();
  }

  /** All figures as they are now, to be merged with those of other processes. */
  async snapshot(): Promise<MetricsSnapshot> {
    return (await this.promRegistry()).getMetricsAsJSON();
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
