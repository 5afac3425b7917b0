import { Counter as PromCounter, Gauge as PromGauge, Registry } from 'prom-client';
import { CollectedHistogram } from './collected-histogram.ts';
import type { DeclaredCounter, DeclaredGauge, DeclaredMetric } from '../declared-metric.ts';

/** The metrics of a registry as prom-client has them: it takes their figures whenever it is asked for its own. */
export class PrometheusView {
  readonly #registry = new Registry();
  readonly #shown = new Set<string>();

  /** Metrics by the names that they are to have. Those that were there before stay. */
  show(metrics: ReadonlyMap<string, DeclaredMetric>): Registry {
    for (const [name, metric] of metrics) {
      if (this.#shown.has(name)) continue;
      this.#shown.add(name);
      expose(name, metric, this.#registry);
    }
    return this.#registry;
  }
}

function expose(name: string, metric: DeclaredMetric, registry: Registry): void {
  if (metric.type === 'counter') exposeCounter(name, metric, registry);
  else if (metric.type === 'gauge') exposeGauge(name, metric, registry);
  else void new CollectedHistogram({ ...metric, name }, metric.bounds, metric.family, registry);
}

function exposeCounter(name: string, { help, family }: DeclaredCounter, registry: Registry): void {
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

function exposeGauge(name: string, { help, family, merge }: DeclaredGauge, registry: Registry): void {
  void new PromGauge({
    name,
    help,
    aggregator: merge,
    labelNames: family.labelNames,
    registers: [registry],
    collect(this: PromGauge) {
      this.reset();
      for (const { labels, child } of family.children()) this.set(labels, child.value);
    },
  });
}
