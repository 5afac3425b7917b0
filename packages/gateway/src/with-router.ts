import { filterOptions, isFilterClass } from '@sluice/filters';
import type { FilterClass } from '@sluice/filters';
import { RouteActionFilter, RouteResponseFilter, RouterFilter } from '@sluice/router';

/**
 * The filters with those of the router: the route is found before the others run, so that it can
 * turn them on and off, and acted on behind them, but for those that say that they run behind that.
 * Its changes to a response come first, as those of an origin: what filters then say of the body and
 * of who may read it stays. A list that names one of them keeps its place.
 */
export function withRouter(filters: readonly FilterClass[]): readonly FilterClass[] {
  const missing = (filter: FilterClass): readonly FilterClass[] => (filters.includes(filter) ? [] : [filter]);
  const isBehind = (filter: FilterClass): boolean =>
    isFilterClass(filter) && filterOptions(filter).after?.includes(RouteActionFilter) === true;
  return [
    ...missing(RouterFilter),
    ...missing(RouteResponseFilter),
    ...filters.filter((filter) => !isBehind(filter)),
    ...missing(RouteActionFilter),
    ...filters.filter(isBehind),
  ];
}
