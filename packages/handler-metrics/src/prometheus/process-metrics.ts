import { collectDefaultMetrics, Registry } from 'prom-client';
import type { Metric } from 'prom-client';

// Each scrape of these would look through all connections. The start is declared by ourselves, so that it survives a merge.
const LEFT_OUT = /^nodejs_active_(?:handles|requests|resources)(?:_total)?$|^process_start_time_seconds$/;

let metrics: readonly Metric[] | undefined;

/** What prom-client tells of a process: made once, for its observers of the event loop and of collections never end. */
export function processMetrics(): readonly Metric[] {
  metrics ??= made();
  return metrics;
}

function made(): readonly Metric[] {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry.getMetricsAsArray().flatMap(({ name }) => {
    const metric = LEFT_OUT.test(name) ? undefined : registry.getSingleMetric(name);
    return metric === undefined ? [] : [metric];
  });
}
