import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { FilterKind } from '../declaration/filter.ts';
import { HttpStatusError } from '../error/http-status-error.ts';
import type { SessionContext } from '../message/session-context.ts';

/** A filter that failed, and why. */
export interface FilterError {
  readonly filter: string;
  readonly kind: FilterKind;
  readonly cause: unknown;
}

/** Keeps an error of a filter with the request, and logs it: the one place where that is done. */
export function noteFilterError(
  context: SessionContext,
  { name, kind }: FilterEntry<unknown>,
  cause: unknown,
): void {
  const { channel } = context;
  context.addFilterError({ filter: name, kind, cause });
  const fields = { err: cause, filter: name, type: kind, channel: channel.toString() };
  if (cause instanceof HttpStatusError) channel.logger.debug(fields, 'A filter refused a message.');
  else channel.logger.warn(fields, 'A filter failed.');
}
