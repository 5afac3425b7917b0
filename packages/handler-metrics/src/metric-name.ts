/**
 * The name under which Prometheus finds a metric: dots and whatever else it does not take become
 * underscores, and a counter ends in `_total`. `server.connections.idle.timeout` is
 * `server_connections_idle_timeout_total`.
 */
export function prometheusName(name: string, type: 'counter' | 'gauge' | 'histogram'): string {
  const plain = name.replaceAll(/[^A-Za-z0-9_]/g, '_');
  return type === 'counter' && !plain.endsWith('_total') ? `${plain}_total` : plain;
}
