import { checkFilterOptions } from './check-filter-options.ts';
import { filterOptions } from './filter.ts';
import type { FilterClass, FilterKind } from './filter.ts';
import { FilterSetError } from './filter-set-error.ts';

/**
 * Checks what no compiler has checked, as of a plugin in JavaScript: a filter that is not understood would be one that
 * lets everything pass. Throws a {@link FilterSetError}.
 */
export function checkFilter(filter: unknown): void {
  if (typeof filter !== 'function')
    throw new FilterSetError(`filters: expected classes, found ${shown(filter)}.`);
  checkFilterOptions(filter.name, filterOptions(filter as FilterClass));
}

/** The same of an instance. Throws a {@link FilterSetError}. */
export function checkMethods(filter: object, name: string, type: FilterKind): void {
  const needed = type === 'endpoint' ? ['apply', 'open'] : ['apply'];
  if (!needed.some((method) => typeof (filter as Record<string, unknown>)[method] === 'function')) {
    throw new FilterSetError(`The filter ${name} has no method ${needed.join(' and no method ')}.`);
  }
  if ('processContentChunk' in filter && 'transformBody' in filter) {
    throw new FilterSetError(
      `The filter ${name} has both processContentChunk and transformBody; expected one.`,
    );
  }
}

/** The same of a constraint. Throws a {@link FilterSetError}. */
export function checkConstraint(constraint: object, name: string): void {
  if (!('isConstrained' in constraint) || typeof constraint.isConstrained !== 'function')
    throw new FilterSetError(`The constraint ${name} has no method isConstrained.`);
}

/** A list that imports go around in has holes; one of instances has none of the classes. */
function shown(value: unknown): string {
  if (value === undefined) return 'undefined: do two modules import one another?';
  if (typeof value === 'object' && value !== null)
    return `an instance of ${value.constructor.name}: list the class`;
  return JSON.stringify(value);
}
