import type { HttpRequest } from '@sluice/codec-http';
import { preflightMethodOf } from './route.ts';
import type { Route } from './route.ts';
import { forwardedPath, isPathRefused } from './path-policy.ts';
import { pathOf } from './route-table.ts';
import type { RouteTable } from './route-table.ts';
import type { Scheme } from './match/domain-index.ts';

/** A route that was looked at before the one that was taken. */
export interface RoutePassedOver {
  readonly route: string;
  readonly place: string;
  /** What of it the request does not fulfil, in words. */
  readonly because: string;
}

/** Which way a request takes, and why no other. */
export interface RouteExplanation {
  /** The name of the virtual host; undefined when none serves the host. */
  readonly virtualHost: string | undefined;
  readonly route: Route | undefined;
  /** The path that is matched, and forwarded unless the route rewrites it. */
  readonly path: string;
  /** Whether the request gets a 400 for a path that can be read in more than one way. */
  readonly isRefused: boolean;
  /** The routes of the virtual host that come earlier, in their order. */
  readonly passedOver: readonly RoutePassedOver[];
}

/** Says which virtual host and route a request takes. Asks every route: not for the way of a request. */
export function explainRoute(
  table: RouteTable,
  request: HttpRequest,
  scheme: Scheme = 'http',
): RouteExplanation {
  const host = table.findVirtualHost(request, scheme);
  const path = forwardedPath(table, pathOf(request));
  const routeBy = (method?: string): Route | undefined =>
    host?.routes.find((candidate) => whyNot(candidate, request, path, method) === undefined);
  const own = routeBy();
  const method = preflightMethodOf(request, own);
  const route = method === undefined ? own : routeBy(method);
  return {
    virtualHost: host?.name,
    route,
    path,
    isRefused: isPathRefused(table, host, request, path, route),
    passedOver: (host?.routes ?? []).slice(0, route?.index).map((earlier) => ({
      route: earlier.name,
      place: earlier.place,
      because: whyNot(earlier, request, path, method) ?? '',
    })),
  };
}

function whyNot(
  { path, connect, conditions }: Route,
  request: HttpRequest,
  asked: string,
  method: string | undefined,
): string | undefined {
  if (!path.matches(asked)) return `the path ${asked} is not ${path.toString()}`;
  if (request.method === 'CONNECT' && !connect) return 'CONNECT is not allowed';
  const failed = conditions.find((condition) => !condition.matches(request, method));
  return failed && `not ${failed.text}`;
}
