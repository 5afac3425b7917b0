import type { Container, Newable } from 'inversify';
import type { Endpoint } from './endpoint.ts';
import { ErrorEndpoint } from './error-endpoint.ts';
import { sortFilters } from './filter-order.ts';
import { filterOptions } from './filter.ts';
import type { EndpointClass, FilterClass, FilterKind, FilterOf } from './filter.ts';

/** A filter with what its decorator says, ready to run. */
export interface FilterEntry<F> {
  readonly filter: F;
  readonly name: string;
  readonly timeoutMs: number;
  readonly isFailOpen: boolean;
  readonly alwaysRun: boolean;
}

/** The filters of a gateway at one moment. A request keeps the set that it started with. */
export interface FilterSet {
  readonly inbound: readonly FilterEntry<FilterOf['inbound']>[];
  readonly outbound: readonly FilterEntry<FilterOf['outbound']>[];
  readonly endpoints: ReadonlyMap<EndpointClass, FilterEntry<Endpoint>>;
  readonly defaultEndpoint: EndpointClass | undefined;
  readonly errorEndpoint: EndpointClass;
}

export interface FilterSetOptions {
  /** Who answers when no filter chooses an endpoint. Default: nobody, which is a 404. */
  readonly defaultEndpoint?: EndpointClass;
  /** Who answers when a request fails. Default: {@link ErrorEndpoint}. */
  readonly errorEndpoint?: EndpointClass;
}

const DEFAULT_TIMEOUT_MS = 10_000;

/** Holds the current set of filters; new requests take it as it is at their start. */
export class FilterRegistry {
  #current: FilterSet;

  constructor(current: FilterSet) {
    this.#current = current;
  }

  get current(): FilterSet {
    return this.#current;
  }

  replace(set: FilterSet): void {
    this.#current = set;
  }
}

/** Makes a set of the declared filters; every instance is resolved here, none later. */
export function resolveFilters(
  container: Container,
  filters: readonly FilterClass[],
  { defaultEndpoint, errorEndpoint = ErrorEndpoint }: FilterSetOptions = {},
): FilterSet {
  const chosen = [defaultEndpoint, errorEndpoint].filter((endpoint) => endpoint !== undefined);
  for (const endpoint of chosen) {
    if (filterOptions(endpoint).type !== 'endpoint')
      throw new TypeError(`${endpoint.name} is not an endpoint.`);
  }
  const all = new Set<FilterClass>([...filters, ...chosen]);
  const sorted = sortFilters([...all]);
  const entries = <Kind extends FilterKind>(kind: Kind): [FilterClass, FilterEntry<FilterOf[Kind]>][] =>
    sorted
      .filter((filter) => filterOptions(filter).type === kind)
      .map((filter) => [filter, makeEntry<FilterOf[Kind]>(container, filter)]);
  return {
    inbound: entries('inbound').map(([, entry]) => entry),
    outbound: entries('outbound').map(([, entry]) => entry),
    endpoints: new Map(entries('endpoint') as [EndpointClass, FilterEntry<Endpoint>][]),
    defaultEndpoint,
    errorEndpoint,
  };
}

function makeEntry<F>(container: Container, filter: FilterClass): FilterEntry<F> {
  const options = filterOptions(filter);
  return {
    filter: container.get(filter as Newable<F>),
    name: options.name ?? filter.name,
    timeoutMs: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    isFailOpen: (options.onFailure ?? (options.type === 'outbound' ? 'open' : 'closed')) === 'open',
    alwaysRun: options.alwaysRun ?? false,
  };
}
