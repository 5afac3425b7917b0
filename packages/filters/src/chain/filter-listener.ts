import type { ServiceIdentifier } from 'inversify';
import type { FilterKind } from '../declaration/filter.ts';
import type { FinalFilterStatus } from './filter-status.ts';

/** What a listener is told of a filter. */
export interface FilterIdentity {
  readonly name: string;
  readonly kind: FilterKind;
  /** Its place in the set of filters that it is of. */
  readonly index: number;
}

/**
 * Told of each execution of a filter, to count and time them. Called on the way of a request: it
 * returns at once. An error that it throws is dropped.
 */
export interface FilterListener {
  /**
   * Whether the clock is read for filters that answer at once too, which costs more than many a filter
   * itself. Asynchronous ones are always timed. Default: false.
   */
  readonly timesAll?: boolean;
  /** `durationMs` is undefined where `apply` was not called, or not timed. */
  onFilterExecuted(filter: FilterIdentity, status: FinalFilterStatus, durationMs: number | undefined): void;
  /** A filter was not called because as many calls as it may have are under way. It has `FAILED` too. */
  onFilterRejected?(filter: FilterIdentity): void;
  /** A streaming endpoint has given a response, or a piece of one, to a request that was over. It was dropped. */
  onLateWrite?(filter: FilterIdentity): void;
}

/** Bound in a gateway's modules: who is told of its filters. Default: nobody. */
export const FILTER_LISTENER: ServiceIdentifier<FilterListener> = Symbol.for(
  '@sluice/filters:filter-listener',
);
