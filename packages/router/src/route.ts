import type { HttpRequest } from '@sluice/codec-http';
import type { UpstreamPolicy } from '@sluice/origin';
import type { DirectResponse } from './action/direct-response.ts';
import type { HeaderMutation } from './action/header-mutation.ts';
import type { OriginChoice } from './action/origin-choice.ts';
import type { PathRewrite } from './action/path-rewrite.ts';
import type { Redirect } from './action/redirect.ts';
import type { Condition } from './match/condition.ts';
import type { PathMatcher } from './match/path-matcher.ts';

/** What becomes of a request: one of three. */
export type RouteAction =
  | { readonly kind: 'origin'; readonly origins: OriginChoice }
  | { readonly kind: 'redirect'; readonly redirect: Redirect }
  | { readonly kind: 'response'; readonly response: DirectResponse };

/** A route as it was declared, checked, and with what its virtual host says for all its routes. */
export interface Route {
  /** For logs and metrics: there are as many names as routes. */
  readonly name: string;
  /** The place in the declaration, as `virtualHosts[0].routes[3]`. */
  readonly place: string;
  /** The place among the routes of its virtual host. */
  readonly index: number;
  readonly path: PathMatcher;
  /** All that must hold beside the path. */
  readonly conditions: readonly Condition[];
  readonly action: RouteAction;
  readonly rewritePath: PathRewrite | undefined;
  /** What the origin gets as Host; undefined: what the client asked for. */
  readonly rewriteHost: string | undefined;
  readonly requestHeaders: HeaderMutation | undefined;
  readonly responseHeaders: HeaderMutation | undefined;
  readonly upstream: UpstreamPolicy | undefined;
  /** Filters by name that are on or off for this route. */
  readonly filters: ReadonlyMap<string, boolean> | undefined;
  /** Protocols that a client may switch to, in lower case. */
  readonly upgrades: readonly string[];
  /** Whether CONNECT may take the route. */
  readonly connect: boolean;
}

/** Whether a request whose path matches takes the route. `method`: the one to go by, where it is not its own. */
export function accepts({ conditions, connect }: Route, request: HttpRequest, method?: string): boolean {
  if (request.method === 'CONNECT' && !connect) return false;
  for (const condition of conditions) if (!condition.matches(request, method)) return false;
  return true;
}

/**
 * The method to find another route by than the one that a request has by its own: a CORS preflight goes where the
 * request goes that it asks about, unless the route that it has is declared for OPTIONS. Undefined: there is none.
 */
export function preflightMethodOf(request: HttpRequest, own: Route | undefined): string | undefined {
  const isDeclared = own?.conditions.some(({ methods }) => methods?.includes('OPTIONS')) ?? false;
  return isDeclared ? undefined : request.preflightMethod;
}

/** Whether the path of a request is changed, for the origin or the client. */
export function changesPath({ rewritePath, action }: Route): boolean {
  return rewritePath !== undefined || (action.kind === 'redirect' && action.redirect.changesPath);
}
