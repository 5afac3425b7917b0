import { MetricError } from './metric-error.ts';

/**
 * The name under which Prometheus finds a metric: dots and whatever else it does not take become
 * underscores, and a counter ends in `_total`. `server.connections.idle.timeout` is
 * `server_connections_idle_timeout_total`.
 */
export function prometheusName(name: string, type: 'counter' | 'gauge' | 'histogram'): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return type === 'counter' && !plain.endsWith('_total') ? `${plain}_total` : plain;
}

const LABEL = /^[A-Za-z_]\w*$/;
/** Of the buckets of a histogram. */
const BUCKET_LABEL = 'le';

/** Throws a {@link MetricError} for a label that Prometheus does not take. */
export function checkLabelNames(metric: string, labels: readonly string[]): void {
  const wrong = labels.find((label) => !LABEL.test(label) || label === BUCKET_LABEL);
  if (wrong === undefined) return;
  throw new MetricError(
    `The metric ${metric}: found the label "${wrong}", expected letters, digits and _, no digit first, not le.`,
  );
}
