import type { Route } from '../route.ts';

/** Is shown the routes whose path matches, in no order. */
export interface RouteVisitor {
  /** Routes from this place on are of no interest any more. */
  readonly limit: number;
  visit(route: Route): void;
}

/** Shows routes, which are in declared order. */
export function visitAll(routes: readonly Route[], visitor: RouteVisitor): void {
  for (const route of routes) {
    if (route.index >= visitor.limit) return;
    visitor.visit(route);
  }
}
