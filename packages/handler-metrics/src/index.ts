export { Counter } from './counter.ts';
export { Gauge } from './gauge.ts';
export { DURATION_BOUNDS, Histogram, SIZE_BOUNDS } from './histogram.ts';
export { HttpClientMetricsChannelHandler, ORIGIN_NAME } from './http-client-metrics-channel-handler.ts';
export { HttpMetricsChannelHandler } from './http-metrics-channel-handler.ts';
export { HttpMetrics } from './http-metrics.ts';
export { LISTENER_NAME } from './listener-id.ts';
export { MetricError } from './metric-error.ts';
export { MetricFamily, OTHER } from './metric-family.ts';
export type { LabelledChild, LabelValues } from './metric-family.ts';
export { prometheusName } from './metric-name.ts';
export { mergeMetrics, metricsText, withoutGauges } from './metrics-snapshot.ts';
export type { MetricsSnapshot } from './metrics-snapshot.ts';
export { MetricsRegistry } from './metrics-registry.ts';
export type { GaugeDeclaration, HistogramDeclaration, MetricDeclaration } from './metrics-registry.ts';
export {
  PerEventLoopMetricsChannelHandler,
  PerEventLoopMetricsOptions,
} from './per-event-loop-metrics-channel-handler.ts';
export { SERVER_CONNECTIONS_COUNT, ServerChannelMetrics } from './server-channel-metrics.ts';
export { SslExceptionsHandler } from './ssl-exceptions-handler.ts';
export { SslMetricsChannelHandler } from './ssl-metrics-channel-handler.ts';
