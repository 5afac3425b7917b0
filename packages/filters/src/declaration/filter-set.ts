import { resolveDependencies } from '@sluice/inject';
import type { Container, Newable } from 'inversify';
import type { Endpoint } from '../endpoint/endpoint.ts';
import { ErrorEndpoint } from '../endpoint/error-endpoint.ts';
import { checkConstraint, checkFilter, checkMethods } from './check-filter.ts';
import type { FilterConstraint, FilterConstraintClass } from './filter-constraint.ts';
import { FilterEntry } from './filter-entry.ts';
import { sortFilters } from './filter-order.ts';
import { FilterSetError } from './filter-set-error.ts';
import { filterOptions } from './filter.ts';
import type { Destroyable, EndpointClass, FilterClass, FilterKind, FilterOf } from './filter.ts';

/** The filters of a gateway at one moment. A request keeps the set that it started with. */
export interface FilterSet {
  readonly inbound: readonly FilterEntry<FilterOf['inbound']>[];
  readonly outbound: readonly FilterEntry<FilterOf['outbound']>[];
  readonly endpoints: ReadonlyMap<EndpointClass, FilterEntry<Endpoint>>;
  /** All of them in the order in which they run, each at its index. */
  readonly entries: readonly FilterEntry<FilterOf[FilterKind]>[];
  readonly defaultEndpoint: EndpointClass | undefined;
  readonly errorEndpoint: EndpointClass;
}

export interface FilterSetOptions {
  /** Who answers when no filter chooses an endpoint. Default: nobody, which is a 404. */
  readonly defaultEndpoint?: EndpointClass;
  /** Who answers when a request fails. Default: {@link ErrorEndpoint}. */
  readonly errorEndpoint?: EndpointClass;
  /** Told of each instance, also when there is to be no set of them: who gives them up destroys them. Default: nobody. */
  readonly onMade?: (filter: Destroyable, name: string) => void;
}

/**
 * Makes a set of the declared filters; every instance is resolved here, none later. A class that
 * is listed twice counts once. Throws a {@link FilterSetError} for two filters of one name and for
 * what is no filter or contradicts itself, and what {@link sortFilters} throws.
 */
export function resolveFilters(
  container: Container,
  filters: readonly FilterClass[],
  { defaultEndpoint, errorEndpoint = ErrorEndpoint, onMade = () => {} }: FilterSetOptions = {},
): FilterSet {
  const chosen = [defaultEndpoint, errorEndpoint].filter((endpoint) => endpoint !== undefined);
  for (const filter of [...filters, ...chosen]) checkFilter(filter);
  for (const endpoint of chosen) requireEndpoint(endpoint);
  const sorted = sortFilters([...new Set<FilterClass>([...filters, ...chosen])]);
  requireDistinctNames(sorted);
  const maker = new EntryMaker(container, onMade);
  const of = <Kind extends FilterKind>(kind: Kind): readonly [FilterClass, FilterEntry<FilterOf[Kind]>][] =>
    sorted
      .filter((filter) => filterOptions(filter).type === kind)
      .map((filter) => [filter, maker.make<FilterOf[Kind]>(filter)]);
  const inbound = of('inbound').map(([, entry]) => entry);
  const endpoints = of('endpoint') as [EndpointClass, FilterEntry<Endpoint>][];
  const outbound = of('outbound').map(([, entry]) => entry);
  return {
    inbound,
    outbound,
    endpoints: new Map(endpoints),
    entries: [...inbound, ...endpoints.map(([, entry]) => entry), ...outbound],
    defaultEndpoint,
    errorEndpoint,
  };
}

/** Makes the entries of one set, in the order of their indexes. */
class EntryMaker {
  readonly #container: Container;
  readonly #constraints = new Map<FilterConstraintClass, FilterConstraint>();
  readonly #onMade: (filter: Destroyable, name: string) => void;
  #index = 0;

  constructor(container: Container, onMade: (filter: Destroyable, name: string) => void) {
    this.#container = container;
    this.#onMade = onMade;
  }

  make<F extends object>(type: FilterClass): FilterEntry<F> {
    const options = filterOptions(type);
    const filter = this.#instance(type as Newable<F>);
    const name = nameOf(type);
    this.#onMade(filter, name);
    checkMethods(filter, name, options.type);
    const constraints = (options.constraints ?? []).map((constraint) => this.#constraint(constraint));
    return new FilterEntry(filter, name, this.#index++, options, constraints);
  }

  #instance<F extends object>(type: Newable<F>): F {
    try {
      return this.#container.get(type);
    } catch (cause) {
      throw new FilterSetError(
        `filters: ${type.name} could not be made: ${faultOf(this.#container, type, cause)}`,
        {
          cause,
        },
      );
    }
  }

  #constraint(type: FilterConstraintClass): FilterConstraint {
    const known = this.#constraints.get(type);
    if (known !== undefined) return known;
    const made = this.#instance(type as Newable<FilterConstraint>);
    checkConstraint(made, type.name);
    this.#constraints.set(type, made);
    return made;
  }
}

/** The container names what is missing, and not the parameter that takes it. */
function faultOf(container: Container, type: Newable, cause: unknown): string {
  try {
    resolveDependencies(container, type);
  } catch (fault) {
    return (fault as Error).message;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function nameOf(filter: FilterClass): string {
  return filterOptions(filter).name ?? filter.name;
}

function requireEndpoint(endpoint: EndpointClass): void {
  if (filterOptions(endpoint).type !== 'endpoint') {
    throw new FilterSetError(`${endpoint.name} is not an endpoint.`);
  }
}

/** The operator's switch, routes, log and metrics know filters by their names. */
function requireDistinctNames(filters: readonly FilterClass[]): void {
  const known = new Map<string, FilterClass>();
  for (const filter of filters) {
    const name = nameOf(filter);
    const other = known.get(name);
    if (other !== undefined) {
      throw new FilterSetError(
        `The filters ${other.name} and ${filter.name} are both named "${name}". Give one another name in its @Filter.`,
      );
    }
    known.set(name, filter);
  }
}
