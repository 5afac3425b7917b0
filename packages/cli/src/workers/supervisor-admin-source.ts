import { mergeFilters, mergeListeners, mergeOrigins, mergePassports } from '@sluice/admin';
import type {
  AdminSource,
  FilterReport,
  LastReloadReport,
  ListenersReport,
  LoggingReport,
  LogLevels,
  OriginReport,
  PassportQuery,
  PassportReport,
  StatusReport,
} from '@sluice/admin';
import { HttpStatusError } from '@sluice/filters';
import type { WorkerReply, WorkerSupervisor } from '@sluice/workers';
import type { GatewayWorkerRequests } from './worker-messages.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

/** What a primary has that can be looked at. */
export interface SupervisedParts {
  readonly supervisor: WorkerSupervisor<GatewayWorkerRequests>;
  readonly metrics: WorkerMetrics;
  readonly isStopping: () => boolean;
  /** What came of the last reload, which is of all workers. Absent: there is no file to read again. */
  readonly lastReload: (() => LastReloadReport | undefined) | undefined;
  /** Of the primary, and so of all: levels are changed everywhere. Absent: they can't be. */
  readonly logLevels: LogLevels | undefined;
}

/** Shows all workers as one gateway: each of them is asked, and what they say is put together. */
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
      lastReload: this.#parts.lastReload?.(),
    };
  }

  metrics(): Promise<string> {
    return this.#parts.metrics.text(this.#parts.supervisor);
  }

  async origins(): Promise<readonly OriginReport[]> {
    return mergeOrigins(answersIn(await this.#parts.supervisor.request('origins')));
  }

  async listeners(): Promise<ListenersReport> {
    return mergeListeners(answersIn(await this.#parts.supervisor.request('listeners')));
  }

  async filters(): Promise<readonly FilterReport[]> {
    return mergeFilters(answersIn(await this.#parts.supervisor.request('filters')));
  }

  /** All have the same. */
  async config(): Promise<unknown> {
    return answersIn(await this.#parts.supervisor.request('config'))[0];
  }

  logging(): LoggingReport {
    return this.#parts.logLevels?.report() ?? { loggers: {} };
  }

  async passports(query: PassportQuery): Promise<readonly PassportReport[]> {
    return mergePassports(answersIn(await this.#parts.supervisor.request('passports', query)), query);
  }
}

/** A worker that is silent is left out, unless all are. */
function answersIn<Reply>(replies: readonly WorkerReply<Reply>[]): readonly Reply[] {
  const answers = replies.flatMap(({ value, error }) => (error === undefined ? [value as Reply] : []));
  if (answers.length > 0) return answers;
  throw new HttpStatusError(503, 'No worker has answered.');
}
