import { SluiceError } from '@sluice/core';
import { filterOptions } from './filter.ts';
import type { FilterClass } from './filter.ts';

/** Filters that wait for each other. */
export class FilterOrderError extends SluiceError {
  override readonly name = 'FilterOrderError';

  constructor(message: string) {
    super('SLUICE_FILTER_ORDER', message);
  }
}

/**
 * Sorts filters so that every `after` and `before` holds, keeping the declared order where that
 * leaves a choice. Throws a {@link FilterOrderError} that names a cycle.
 */
export function sortFilters(filters: readonly FilterClass[]): readonly FilterClass[] {
  const earlier = relations(filters);
  const sorted = new Set<FilterClass>();
  const visit = (filter: FilterClass, path: readonly FilterClass[]): void => {
    if (sorted.has(filter)) return;
    if (path.includes(filter)) throw cycleError([...path.slice(path.indexOf(filter)), filter]);
    for (const first of earlier.get(filter) ?? []) visit(first, [...path, filter]);
    sorted.add(filter);
  };
  for (const filter of filters) visit(filter, []);
  return [...sorted];
}

/** For each filter those of the list that must run earlier. */
function relations(filters: readonly FilterClass[]): ReadonlyMap<FilterClass, readonly FilterClass[]> {
  const earlier = new Map<FilterClass, FilterClass[]>(filters.map((filter) => [filter, []]));
  for (const filter of filters) {
    const { after = [], before = [] } = filterOptions(filter);
    for (const first of after) if (earlier.has(first)) earlier.get(filter)?.push(first);
    for (const later of before) earlier.get(later)?.push(filter);
  }
  return earlier;
}

function cycleError(cycle: readonly FilterClass[]): FilterOrderError {
  return new FilterOrderError(`Filters wait for each other: ${cycle.map(({ name }) => name).join(' → ')}.`);
}
