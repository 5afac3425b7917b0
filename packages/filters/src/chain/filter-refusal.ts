import type { FilterEntry } from '../declaration/filter-entry.ts';
import type { ChainFilter } from '../declaration/filter.ts';
import type { HttpMessage } from '../message/http-message.ts';
import { requireBoolean } from './require-boolean.ts';

/** Why a filter of a chain does not run for a message; undefined when it does. Throws what the filter throws. */
export function refusalOf<M extends HttpMessage>(
  entry: FilterEntry<ChainFilter<M>>,
  message: M,
): 'SKIPPED' | 'DISABLED' | undefined {
  const { context } = message;
  if (context.isCancelled) return 'SKIPPED';
  if (context.stopFilterProcessing && !entry.alwaysRun) return 'SKIPPED';
  if (entry.kind === 'inbound' && context.shouldSendErrorResponse) return 'SKIPPED';
  if (!entry.isEnabled(context)) return 'DISABLED';
  if (entry.isConstrained(message, context)) return 'SKIPPED';
  if (!entry.hasShouldFilter) return undefined;
  const isWanted = requireBoolean(entry.filter.shouldFilter?.(message, context), 'shouldFilter', entry.name);
  return isWanted ? undefined : 'SKIPPED';
}
