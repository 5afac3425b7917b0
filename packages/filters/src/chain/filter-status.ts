import type { FilterKind } from '../declaration/filter.ts';

/**
 * How far a filter came with a message. `SKIPPED`: it, a constraint or the context said no;
 * `DISABLED`: it is turned off. The last two stand where it is still waiting, or was when the request
 * ended: for the whole body, or for what it has promised.
 */
export type FilterStatus = 'SUCCESS' | 'SKIPPED' | 'DISABLED' | 'FAILED' | 'BODY_AWAIT' | 'ASYNC_AWAIT';

/** The statuses that a filter ends with, and so those that are counted. */
export const FINAL_STATUSES = ['SUCCESS', 'SKIPPED', 'DISABLED', 'FAILED'] as const;

export type FinalFilterStatus = (typeof FINAL_STATUSES)[number];

/** What one filter did with one message. */
export interface FilterExecution {
  readonly filter: string;
  readonly kind: FilterKind;
  readonly status: FilterStatus;
  /** How long `apply` took, in ms; undefined where it did not run, or at once and nobody measures that. */
  readonly durationMs: number | undefined;
}
