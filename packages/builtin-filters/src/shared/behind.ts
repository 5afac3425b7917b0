import { filterOptions } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';

/**
 * The value of `after` for a filter that runs behind these and behind all that these run behind:
 * the order holds also when the ones between are not in use.
 */
export function behind(...filters: readonly FilterClass[]): readonly FilterClass[] {
  return [...new Set(filters.flatMap((filter) => [filter].concat(filterOptions(filter).after ?? [])))];
}
