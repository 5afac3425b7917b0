import { ContextKey } from '@sluice/filters';
import type { Route } from '../route.ts';

/** The route that a request has taken. Set by the RouterFilter. */
export const ROUTE: ContextKey<Route> = new ContextKey('route');

/** The parameters of the route's path template by name, not decoded. Absent for another kind of path. */
export const PATH_PARAMETERS: ContextKey<ReadonlyMap<string, string>> = new ContextKey('path-parameters');
