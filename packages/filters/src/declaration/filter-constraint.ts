import type { Newable } from 'inversify';
import type { HttpMessage } from '../message/http-message.ts';
import type { SessionContext } from '../message/session-context.ts';

/**
 * A reason not to run a filter that several filters share, as "not for internal callers". One is
 * made for each set of filters, by the container. An error that it throws is one of the filter.
 */
export interface FilterConstraint {
  /** Whether the filters that name this constraint are skipped for the message. */
  isConstrained(message: HttpMessage, context: SessionContext): boolean;
}

export type FilterConstraintClass = Newable<FilterConstraint, never[]>;
