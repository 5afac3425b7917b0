import type { DrainReport } from '@sluice/gateway';
import type { MetricsSnapshot } from '@sluice/handler-metrics';

/** What a worker says last when it was drained. */
export interface DrainedWorker {
  readonly drain: DrainReport | undefined;
  readonly metrics: MetricsSnapshot;
}
