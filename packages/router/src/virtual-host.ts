import type { HttpRequest } from '@sluice/codec-http';
import { PathIndex } from './match/path-index.ts';
import type { RouteVisitor } from './match/route-visitor.ts';
import { accepts } from './route.ts';
import type { Route } from './route.ts';

/** The routes of some hosts; the first one that matches is taken. */
export class VirtualHost {
  readonly name: string;
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
  readonly #index: PathIndex;

  constructor(name: string, domains: readonly string[], routes: readonly Route[]) {
    this.name = name;
    this.domains = domains;
    this.routes = routes;
    this.#index = new PathIndex(routes);
  }

  /** `path`: the one to match, which may be another reading of that of the request; its hex digits in upper case. */
  find(request: HttpRequest, path: string): Route | undefined {
    const search = new FirstMatch(request);
    this.#index.visit(path, search);
    return search.found;
  }

  /** Shows the routes whose path matches; whatever else they want. */
  visit(path: string, visitor: RouteVisitor): void {
    this.#index.visit(path, visitor);
  }
}

class FirstMatch implements RouteVisitor {
  limit = Number.MAX_SAFE_INTEGER;
  found: Route | undefined = undefined;
  readonly #request: HttpRequest;

  constructor(request: HttpRequest) {
    this.#request = request;
  }

  visit(route: Route): void {
    if (!accepts(route, this.#request)) return;
    this.found = route;
    this.limit = route.index;
  }
}
