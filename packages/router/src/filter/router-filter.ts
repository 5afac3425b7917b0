import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { schemeOf } from '@sluice/handler-tls';
import { UPSTREAM_POLICY } from '@sluice/origin';
import { inject } from 'inversify';
import { isAmbiguous, upperHex } from '../match/path-readings.ts';
import { forwardedPath, isPathRefused } from '../path-policy.ts';
import type { Route } from '../route.ts';
import { pathOf } from '../route-table.ts';
import type { RouteTable } from '../route-table.ts';
import { RouteTables } from '../route-tables.ts';
import { PATH_PARAMETERS, ROUTE } from './route-keys.ts';
import { RouterOptions } from './router-options.ts';

/**
 * Finds the route of a request, unless an earlier filter has chosen an origin. The decision is
 * final: a filter that is to have a say in it runs `before` this one. What the route does to the
 * request is the business of the RouteActionFilter, after the filters that may refuse it.
 */
@Filter({ type: 'inbound', name: 'router', required: true })
export class RouterFilter implements InboundFilter {
  readonly #tables: RouteTables;
  readonly #options: RouterOptions;

  constructor(@inject(RouteTables) tables: RouteTables, @inject(RouterOptions) options: RouterOptions) {
    this.#tables = tables;
    this.#options = options;
  }

  shouldFilter(_request: HttpRequestMessage, context: SessionContext): boolean {
    return context.origin === undefined && !this.#tables.current.isEmpty;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    const route = findRoute(this.#tables.current, request);
    if (route === undefined) {
      if (request.method === 'CONNECT') throw connectRefused();
      return;
    }
    context.routeName = route.name;
    context.set(ROUTE, route);
    context.filterOverrides = route.filters;
    if (route.upstream !== undefined) context.set(UPSTREAM_POLICY, route.upstream);
    const { template } = route.path;
    if (template !== undefined) context.set(PATH_PARAMETERS, template.parameters(request.path));
    dropUpgrade(request, route);
    const { action } = route;
    if (action.kind === 'origin') context.origin = action.origins.choose(request, this.#options.random);
  }
}

/** By the path that the origin will see. */
function findRoute(table: RouteTable, request: HttpRequestMessage): Route | undefined {
  const { outboundRequest } = request;
  const path = pathOf(outboundRequest);
  const host = table.findVirtualHost(outboundRequest, schemeOf(request.context.channel));
  if (!isAmbiguous(path)) return host?.find(outboundRequest, path);
  const forwarded = forwardedPath(table, path);
  if (forwarded !== path) request.path = forwarded;
  const route = host?.find(outboundRequest, upperHex(forwarded));
  if (!isPathRefused(table, host, outboundRequest, forwarded, route)) return route;
  throw new HttpStatusError(400, 'The path can be read in more than one way.', {
    details: 'path_normalization_failed',
  });
}

/** RFC 9110 §7.8: an upgrade may be ignored; the request is then like any other. */
function dropUpgrade({ outboundRequest }: HttpRequestMessage, { upgrades }: Route): void {
  const { upgrade } = outboundRequest;
  if (upgrade !== undefined && !upgrades.includes(upgrade)) outboundRequest.upgrade = undefined;
}

/** RFC 9110 §15.5.6: the method is known here, but no route allows it. There is none to name instead. */
function connectRefused(): HttpStatusError {
  return new HttpStatusError(405, 'CONNECT is not allowed.', {
    details: 'connect_not_allowed',
    headers: [['allow', '']],
    keepAlive: false,
  });
}
