import { MetricsRegistry } from '@sluice/handler-metrics';
import {
  mergeMetrics,
  metricsSnapshot,
  metricsText,
  withoutGauges,
} from '@sluice/handler-metrics/prometheus';
import type { MetricsSnapshot } from '@sluice/handler-metrics/prometheus';
import type { SupervisedWorker, WorkerEnd, WorkerSupervisor } from '@sluice/workers';
import type { DrainedWorker, GatewayWorkerRequests } from './worker-messages.ts';

/**
 * The figures of all workers together. What a worker has counted stays in the sum when it has ended
 * or does not answer, so that no counter ever goes down.
 */
export class WorkerMetrics {
  readonly #latest = new Map<SupervisedWorker, MetricsSnapshot>();
  /** Of the primary itself: what it does for all workers. */
  readonly own = new MetricsRegistry();
  #ended: Promise<MetricsSnapshot> = Promise.resolve([]);

  /** All figures in the text format that Prometheus scrapes. */
  async text(supervisor: WorkerSupervisor<GatewayWorkerRequests>): Promise<string> {
    for (const { worker, value } of await supervisor.request('metrics')) {
      const isAlive = supervisor.workers.includes(worker);
      if (isAlive && value !== undefined) this.#latest.set(worker, value);
    }
    const own = [await supervisorFigures(supervisor), await metricsSnapshot(this.own)];
    return metricsText(await mergeMetrics([await this.#ended, ...this.#latest.values(), ...own]));
  }

  /** Keeps what an ended worker has counted: as it said last, or else at the last scrape. */
  readonly retire = (worker: SupervisedWorker, { report }: WorkerEnd): void => {
    const last = (report as DrainedWorker | undefined)?.metrics ?? this.#latest.get(worker);
    this.#latest.delete(worker);
    if (last === undefined) return;
    this.#ended = this.#ended.then((ended) => mergeMetrics([ended, withoutGauges(last)]));
  };
}

async function supervisorFigures(
  supervisor: WorkerSupervisor<GatewayWorkerRequests>,
): Promise<MetricsSnapshot> {
  const registry = new MetricsRegistry();
  const up = registry.gauge({
    name: 'workers.ready',
    help: 'Processes of a worker that take new connections: 1, and for a moment 2 while it is replaced.',
    labels: { worker: supervisor.size },
  });
  for (let worker = 1; worker <= supervisor.size; worker++) up.labels(String(worker)).set(0);
  for (const { id, isReady } of supervisor.workers) if (isReady) up.labels(String(id)).inc();
  const help = 'Workers that ended unasked and were started again.';
  registry.counter({ name: 'workers.restarts', help }).labels().inc(supervisor.restarts);
  return metricsSnapshot(registry);
}
