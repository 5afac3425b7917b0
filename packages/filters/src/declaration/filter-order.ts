import { SluiceError } from '@sluice/core';
import { filterOptions, isFilterClass } from './filter.ts';
import type { FilterClass } from './filter.ts';

/** Filters that wait for each other, or for what can't be waited for. The message names them. */
export class FilterOrderError extends SluiceError {
  override readonly name = 'FilterOrderError';

  constructor(message: string) {
    super('SLUICE_FILTER_ORDER', message);
  }
}

/**
 * Sorts filters so that every `after` and `before` holds, keeping the declared order where that
 * leaves a choice. A relation to a filter that is not listed means nothing. Throws a
 * {@link FilterOrderError} that names a cycle, or a relation to what is no filter or one of another type.
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
    for (const first of after) {
      requireSameType(filter, 'after', first);
      if (earlier.has(first)) earlier.get(filter)?.push(first);
    }
    for (const later of before) {
      requireSameType(filter, 'before', later);
      earlier.get(later)?.push(filter);
    }
  }
  return earlier;
}

/** A class is not there yet where modules import each other in a circle. */
function requireSameType(filter: FilterClass, relation: string, other: FilterClass | undefined): void {
  const { type } = filterOptions(filter);
  const found = other !== undefined && isFilterClass(other) ? filterOptions(other).type : undefined;
  if (found === type) return;
  const name = other?.name ?? 'undefined';
  const what = found === undefined ? 'which is no filter' : `which is of type ${found}`;
  throw new FilterOrderError(
    `${filter.name} is to run ${relation} ${name}, ${what}; expected another ${type} filter.`,
  );
}

function cycleError(cycle: readonly FilterClass[]): FilterOrderError {
  return new FilterOrderError(`Filters wait for each other: ${cycle.map(({ name }) => name).join(' → ')}.`);
}
