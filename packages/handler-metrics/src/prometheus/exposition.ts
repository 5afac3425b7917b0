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

/** All metrics in the text format that Prometheus scrapes, version 0.0.4. */
export async function exposition(metrics: MetricsRegistry): Promise<string> {
  return (await promRegistry(metrics)).metrics();
}

/** All figures as they are now, to be merged with those of other processes. */
export async function metricsSnapshot(metrics: MetricsRegistry): Promise<MetricsSnapshot> {
  return (await promRegistry(metrics)).getMetricsAsJSON();
}
