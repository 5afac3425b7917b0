import type { Awaitable } from './admin-source.ts';
import type { FilterReport, LoggingReport, ReloadReport } from './reports.ts';

/**
 * What the admin listener may change. A program leaves out what it can't do, which is then answered with 501.
 *
 * An action that can't be done throws an HttpStatusError, whose message is shown to the operator.
 */
export interface AdminActions {
  /** Begins to end the program without losing a request; does not wait for it. */
  drain?(): Awaitable<void>;
  /** Reads the configuration again and puts it in force, or leaves everything as it is. */
  reload?(): Awaitable<ReloadReport>;
  /** `logger` undefined: all of them. */
  setLogLevel?(level: string, logger: string | undefined): Awaitable<LoggingReport>;
  /** `name` may stand for several filters; all of them are told of. */
  setFilterEnabled?(name: string, isEnabled: boolean): Awaitable<readonly FilterReport[]>;
}
