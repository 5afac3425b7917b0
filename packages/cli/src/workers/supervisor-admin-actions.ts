import type { AdminActions, FilterReport, LoggingReport, LogLevels } from '@sluice/admin';
import { mergeFilters } from '@sluice/admin';
import { HttpStatusError } from '@sluice/filters';
import type { WorkerReply, WorkerSupervisor } from '@sluice/workers';
import type { ChangeReply, GatewayWorkerRequests } from './worker-messages.ts';

/** Changes all workers, and keeps what a worker that starts later must know. */
export class SupervisorAdminActions implements AdminActions {
  readonly #supervisor: WorkerSupervisor<GatewayWorkerRequests>;
  readonly #logLevels: LogLevels | undefined;
  readonly #disabledFilters = new Set<string>();
  #logLevel: string | undefined = undefined;
  /** Absent: there is no configuration to read again. */
  readonly reload?: NonNullable<AdminActions['reload']>;

  constructor(
    supervisor: WorkerSupervisor<GatewayWorkerRequests>,
    logLevels: LogLevels | undefined,
    reload: AdminActions['reload'],
  ) {
    this.#supervisor = supervisor;
    this.#logLevels = logLevels;
    if (reload !== undefined) this.reload = reload;
  }

  get logLevel(): string | undefined {
    return this.#logLevel;
  }

  get disabledFilters(): readonly string[] {
    return [...this.#disabledFilters];
  }

  readonly setLogLevel = async (level: string, logger: string | undefined): Promise<LoggingReport> => {
    if (this.#logLevels === undefined)
      throw new HttpStatusError(501, 'Levels of the log can not be changed.');
    // First here: what is wrong with it is wrong for all.
    const report = this.#logLevels.set(level, logger);
    this.#logLevel = level;
    reportsIn(await this.#supervisor.request('setLogLevel', { level, logger }));
    return report;
  };

  readonly setFilterEnabled = async (name: string, isEnabled: boolean): Promise<readonly FilterReport[]> => {
    const reports = mergeFilters(
      reportsIn(await this.#supervisor.request('setFilterEnabled', { name, isEnabled })),
    );
    if (reports.length === 0) throw new HttpStatusError(503, 'No worker has answered.');
    for (const report of reports) {
      if (isEnabled) this.#disabledFilters.delete(report.name);
      else this.#disabledFilters.add(report.name);
    }
    return reports;
  };
}

/** What one worker refuses the others refuse too: they are told once. */
function reportsIn<Report>(replies: readonly WorkerReply<ChangeReply<Report>>[]): readonly Report[] {
  return replies.flatMap(({ value }) => {
    if (value === undefined) return [];
    if ('report' in value) return [value.report];
    throw new HttpStatusError(value.status, value.message);
  });
}
