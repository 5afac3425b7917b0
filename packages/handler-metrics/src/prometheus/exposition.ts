import type { Registry } from 'prom-client';
import type { MetricsRegistry } from '../metrics-registry.ts';
import type { MetricsSnapshot } from './metrics-snapshot.ts';
import type { PrometheusView } from './prometheus-view.ts';

/** The content type of {@link exposition}. */
export const EXPOSITION_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

const views = new WeakMap<MetricsRegistry, PrometheusView>();

/** The metrics of a registry as prom-client has them, for those that are made with it, as of `collectDefaultMetrics`. */
export async function promRegistry(metrics: MetricsRegistry): Promise<Registry> {
  // Imported where it is used: a gateway that nobody scrapes needs none of its 90 files.
  const { PrometheusView } = await import('./prometheus-view.ts');
  const view = views.get(metrics) ?? new PrometheusView();
  views.set(metrics, view);
  return view.show(metrics.metrics);
}

/**
 * Adds what is known of this process: CPU time, memory, descriptors, the event loop, collections of the heap, by the names of
 * prom-client, and its start. They are taken when somebody scrapes. Of several processes they are summed, but the
 * delays of the event loop, which are averaged, and the start, which is the earliest.
 */
export async function addProcessMetrics(metrics: MetricsRegistry): Promise<void> {
  const start = metrics.gauge({
    name: 'process.start.time.seconds',
    help: 'Start time of the process since unix epoch in seconds.',
    merge: 'min',
  });
  start.labels().set(Math.round(performance.timeOrigin / 1000));
  const registry = await promRegistry(metrics);
  const { processMetrics } = await import('./process-metrics.ts');
  for (const metric of processMetrics()) registry.registerMetric(metric);
}

/** All metrics in the text format that Prometheus scrapes, version 0.0.4. */
export async function exposition(metrics: MetricsRegistry): Promise<string> {
  return (await promRegistry(metrics)).metrics();
}

/** All figures as they are now, to be merged with those of other processes. */
export async function metricsSnapshot(metrics: MetricsRegistry): Promise<MetricsSnapshot> {
  return (await promRegistry(metrics)).getMetricsAsJSON();
}
