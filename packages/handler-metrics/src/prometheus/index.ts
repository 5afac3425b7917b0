export {
  addProcessMetrics,
  EXPOSITION_CONTENT_TYPE,
  exposition,
  metricsSnapshot,
  promRegistry,
} from './exposition.ts';
export { mergeMetrics, metricsText, withoutGauges } from './metrics-snapshot.ts';
export type { MetricsSnapshot } from './metrics-snapshot.ts';
