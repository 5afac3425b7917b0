import type {
  FilterReport,
  ListenersReport,
  LoggingReport,
  OriginReport,
  PassportReport,
  StatusReport,
} from './reports.ts';
import type { PassportQuery } from './passport-query.ts';

/** At once, or later: from another process, for one. */
export type Awaitable<T> = T | Promise<T>;

/**
 * Everything that the admin listener shows, of one gateway or of many together.
 *
 * What comes out is plain data that survives JSON, so that a process can ask others for it.
 */
export interface AdminSource {
  status(): Awaitable<StatusReport>;
  /** All figures in the text format of Prometheus, version 0.0.4. */
  metrics(): Awaitable<string>;
  origins(): Awaitable<readonly OriginReport[]>;
  listeners(): Awaitable<ListenersReport>;
  filters(): Awaitable<readonly FilterReport[]>;
  /** The configuration in force; secrets in it are masked before it is shown. */
  config(): Awaitable<unknown>;
  logging(): Awaitable<LoggingReport>;
  passports(query: PassportQuery): Awaitable<readonly PassportReport[]>;
}
