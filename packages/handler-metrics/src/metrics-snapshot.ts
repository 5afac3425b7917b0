import { AggregatorRegistry } from 'prom-client';
import type { MetricObjectWithValues, MetricValue } from 'prom-client';

/** All figures of a process at one time. It survives a structured clone and JSON. */
export type MetricsSnapshot = readonly MetricObjectWithValues<MetricValue<string>>[];

/**
 * What the figures of several processes come to: counters and histograms are summed, gauges by the
 * `merge` of their declaration.
 */
export function mergeMetrics(snapshots: readonly MetricsSnapshot[]): Promise<MetricsSnapshot> {
  return AggregatorRegistry.aggregate([...snapshots]).getMetricsAsJSON();
}

/** The text format that Prometheus scrapes, version 0.0.4. */
export function metricsText(snapshot: MetricsSnapshot): Promise<string> {
  return AggregatorRegistry.aggregate([snapshot]).metrics();
}

/** What stays true when a process has ended: what it has counted, and not what it had. */
export function withoutGauges(snapshot: MetricsSnapshot): MetricsSnapshot {
  // The library's declarations have an enum of numbers here; what is there is the word.
  return snapshot.filter(({ type }) => String(type) !== 'gauge');
}
