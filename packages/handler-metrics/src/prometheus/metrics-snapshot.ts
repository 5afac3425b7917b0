import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client';

/** All figures of a process at one time. It survives a structured clone and JSON. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/**
 * What the figures of several processes come to: counters and histograms are summed, gauges by the
 * `merge` of their declaration.
 */
export async function mergeMetrics(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  return (await merged(snapshots)).getMetricsAsJSON();
}

/** The text format that Prometheus scrapes, version 0.0.4. */
export async function metricsText(snapshot: MetricsSnapshot): Promise<string> {
  return (await merged([snapshot])).metrics();
}

/** What stays true when a process has ended: what it has counted, and not what it had. */
export function withoutGauges(snapshot: MetricsSnapshot): MetricsSnapshot {
  // The library's declarations have an enum of numbers here; what is there is the word.
  return snapshot.filter(({ type }) => String(type) !== 'gauge');
}

async function merged(snapshots: readonly MetricsSnapshot[]): Promise<Registry> {
  const { AggregatorRegistry } = await import('prom-client');
  return AggregatorRegistry.aggregate([...snapshots]);
}
