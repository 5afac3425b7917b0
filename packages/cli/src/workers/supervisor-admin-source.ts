import type { AdminSource, StatusReport } from '@sluice/admin';
import { HttpStatusError } from '@sluice/filters';
import type { WorkerSupervisor } from '@sluice/workers';
import type { WorkerMetrics } from './worker-metrics.ts';

/** What a primary has that can be looked at. */
export interface SupervisedParts {
  readonly supervisor: WorkerSupervisor;
  readonly metrics: WorkerMetrics;
  readonly isStopping: () => boolean;
}

/**
 * Shows what is known of all workers together. What each worker has for itself is answered with 501,
 * since one of them would not stand for all.
 */
export class SupervisorAdminSource implements AdminSource {
  readonly #parts: SupervisedParts;

  constructor(parts: SupervisedParts) {
    this.#parts = parts;
  }

  /** Ready as long as any worker takes connections. */
  status(): StatusReport {
    const isStopping = this.#parts.isStopping();
    return {
      state: isStopping ? 'draining' : 'started',
      isReady: !isStopping && this.#parts.supervisor.workers.some((worker) => worker.isReady),
      pid: process.pid,
      uptimeMs: Math.round(process.uptime() * 1000),
    };
  }

  metrics(): Promise<string> {
    return this.#parts.metrics.text(this.#parts.supervisor);
  }

  readonly origins = ofEachWorker('the servers of origins');
  readonly listeners = ofEachWorker('the listeners');
  readonly filters = ofEachWorker('the filters');
  readonly config = ofEachWorker('the configuration');
  readonly logging = ofEachWorker('the levels of the log');
  readonly passports = ofEachWorker('the passports');
}

function ofEachWorker(what: string): () => never {
  const message = `Each worker has ${what} for itself, and can't be asked for it. Run the program with --workers 1 to see it here.`;
  return () => {
    throw new HttpStatusError(501, message);
  };
}
