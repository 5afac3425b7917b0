import type { HttpRequest } from '@sluice/codec-http';
import { PathIndex } from './match/path-index.ts';
import type { RouteVisitor } from './match/route-visitor.ts';
import { accepts, preflightMethodOf } from './route.ts';
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
    const search = new FirstMatch(request, undefined);
    this.#index.visit(path, search);
    return request.method === 'OPTIONS' ? this.#findOfOptions(request, path, search.found) : search.found;
  }

  #findOfOptions(request: HttpRequest, path: string, own: Route | undefined): Route | undefined {
    const method = preflightMethodOf(request, own);
    if (method === undefined) return own;
    const search = new FirstMatch(request, method);
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
  readonly #method: string | undefined;

  constructor(request: HttpRequest, method: string | undefined) {
    this.#request = request;
    this.#method = method;
  }

  visit(route: Route): void {
    if (!accepts(route, this.#request, this.#method)) return;
    this.found = route;
    this.limit = route.index;
  }
}
