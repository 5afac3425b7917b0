import type { FilterClass, FilterKind, FilterOptions } from './filter.ts';
import { filterOptions } from './filter.ts';
import { FilterSetError } from './filter-set-error.ts';

// Records, so that the compiler counts them.
const KINDS: Readonly<Record<FilterKind, true>> = { inbound: true, endpoint: true, outbound: true };
const OPTIONS: Readonly<Record<keyof FilterOptions, true>> = {
  type: true,
  name: true,
  enabledByDefault: true,
  required: true,
  constraints: true,
  after: true,
  before: true,
  timeoutMs: true,
  onFailure: true,
  alwaysRun: true,
  maxConcurrency: true,
  maxBodyBytes: true,
  keepsBody: true,
};
const FAILURES = new Set<unknown>([undefined, 'open', 'closed']);

/**
 * Checks what no compiler has checked, as of a plugin in JavaScript: a filter that is not understood would be one that
 * lets everything pass. Throws a {@link FilterSetError}, and what {@link filterOptions} throws.
 */
export function checkFilter(filter: unknown): void {
  if (typeof filter !== 'function')
    throw new FilterSetError(`filters: expected classes, found ${shown(filter)}.`);
  const options = filterOptions(filter as FilterClass);
  const { type, onFailure } = options;
  if (!Object.hasOwn(KINDS, type)) {
    throw new FilterSetError(
      `${filter.name}: type ${JSON.stringify(type)} is none of ${Object.keys(KINDS).join(', ')}.`,
    );
  }
  for (const key of Object.keys(options)) {
    if (Object.hasOwn(OPTIONS, key)) continue;
    throw new FilterSetError(
      `${filter.name}: ${key} is not known; known are ${Object.keys(OPTIONS).join(', ')}.`,
    );
  }
  if (!FAILURES.has(onFailure)) {
    throw new FilterSetError(
      `${filter.name}: onFailure is ${JSON.stringify(onFailure)}; expected "open" or "closed".`,
    );
  }
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

/** A list that imports go around in has holes; one of instances has none of the classes. */
function shown(value: unknown): string {
  if (value === undefined) return 'undefined: do two modules import one another?';
  if (typeof value === 'object' && value !== null)
    return `an instance of ${value.constructor.name}: list the class`;
  return JSON.stringify(value);
}
