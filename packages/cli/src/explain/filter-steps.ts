import { filterOptions, sortFilters } from '@sluice/filters';
import type { FilterClass, FilterKind } from '@sluice/filters';
import { withRouter } from '@sluice/gateway';
import { ProxyEndpoint } from '@sluice/origin';
import { RouterFilter } from '@sluice/router';

const NO_OVERRIDES: ReadonlyMap<string, boolean> = new Map();

/** A filter on the way of a request. */
export interface FilterStep {
  readonly name: string;
  readonly isOn: boolean;
  /** Why it is off, or on though it is off by default. */
  readonly because?: string;
  /** Whether it looks at each message before it runs. */
  readonly isConditional: boolean;
  /** What else may skip it, by the names of the classes. */
  readonly constraints: readonly string[];
}

/** The filters of a gateway in the order in which they run. */
export interface FilterSteps {
  readonly inbound: readonly FilterStep[];
  /** The first is the one that runs unless a filter chooses another. */
  readonly endpoints: readonly FilterStep[];
  readonly outbound: readonly FilterStep[];
}

/** What the declaration and a route make of the filters. `overrides`: by the route, as it says of them. */
export function filterSteps(declared: readonly FilterClass[], overrides = NO_OVERRIDES): FilterSteps {
  const sorted = sortFilters([ProxyEndpoint, ...withRouter(declared)]);
  const ofKind = (kind: FilterKind): readonly FilterClass[] =>
    sorted.filter((filter) => filterOptions(filter).type === kind);
  const steps = (kind: FilterKind): readonly FilterStep[] => {
    const filters = ofKind(kind);
    // What stands before the router has run when a route is found.
    const router = filters.indexOf(RouterFilter);
    return filters.map((filter, at) => stepOf(filter, at < router ? NO_OVERRIDES : overrides));
  };
  return { inbound: steps('inbound'), endpoints: steps('endpoint'), outbound: steps('outbound') };
}

function stepOf(filter: FilterClass, overrides: ReadonlyMap<string, boolean>): FilterStep {
  const { name = filter.name, enabledByDefault = true, constraints = [] } = filterOptions(filter);
  const override = overrides.get(name);
  const because = reasonFor(override, enabledByDefault);
  return {
    name,
    isOn: override ?? enabledByDefault,
    ...(because === undefined ? {} : { because }),
    isConditional: 'shouldFilter' in (filter.prototype as object),
    constraints: constraints.map((constraint) => constraint.name),
  };
}

function reasonFor(override: boolean | undefined, byDefault: boolean): string | undefined {
  if (override === undefined) return byDefault ? undefined : 'off by default';
  return override === byDefault ? undefined : `turned ${override ? 'on' : 'off'} by the route`;
}
