import { HttpServerCodecOptions } from '@sluice/codec-http';
import type { CheckFinding, ConfigCheck } from '@sluice/config';
import { findShadowedRoutes, RouteError, RouteTable } from '@sluice/router';
import type { ComponentRegistry } from '../component-registry.ts';
import { optionsOf, serverListOf } from '../declaration-from-config.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { pathOfPlace } from './route-places.ts';

type Check = ConfigCheck<GatewayConfig>;

/** What keeps the router from making a table of routes that are good one by one: a name or a domain that is there twice, a path that
 * no request can take. */
export const distinctRoutes: Check = {
  name: 'distinct-routes',
  run: (config) => {
    const table = routeTableOf(config);
    if (table instanceof RouteTable) return [];
    return table.problems.map((problem): CheckFinding => {
      const [place = '', ...what] = problem.split(': ');
      return { severity: 'error', path: pathOfPlace(place), message: `${what.join(': ')}.` };
    });
  },
};

export const reachableRoutes: Check = {
  name: 'reachable-routes',
  run: (config) => {
    const table = routeTableOf(config);
    if (!(table instanceof RouteTable)) return [];
    return findShadowedRoutes(table).map(({ route, by }) => ({
      severity: 'warning',
      path: pathOfPlace(route.place),
      message: `found a route that is never taken: ${by.place} matches all that it does.`,
    }));
  },
};

/** Codecs refuse CONNECT before any route is asked, unless they are told otherwise. */
export function connectRoutes(registry: ComponentRegistry): Check {
  return {
    name: 'connect-routes',
    run: (config) => {
      const table = routeTableOf(config);
      if (!(table instanceof RouteTable) || allowsConnect(config, registry)) return [];
      const routes = table.virtualHosts.flatMap(({ routes }) => routes);
      return routes
        .filter(({ connect }) => connect)
        .map(({ place }) => ({
          severity: 'warning',
          path: [...pathOfPlace(place), 'connect'],
          message:
            'found true, but no listener takes CONNECT; expected `allowConnect: true` in the `handlerOptions` of http-server-codec of one.',
        }));
    },
  };
}

function allowsConnect({ listeners }: GatewayConfig, registry: ComponentRegistry): boolean {
  return listeners.some((listener) => {
    const options = optionsOf(listener, registry, serverListOf(listener, registry), new Map());
    const codec = options.get(HttpServerCodecOptions) as HttpServerCodecOptions | undefined;
    return codec?.allowConnect === true;
  });
}

/** The table without a look at the names of origins and filters, which other checks find. */
function routeTableOf({ routes, virtualHosts, ambiguousPaths }: GatewayConfig): RouteTable | RouteError {
  try {
    return new RouteTable({ routes, virtualHosts, ambiguousPaths });
  } catch (cause) {
    if (cause instanceof RouteError) return cause;
    throw cause;
  }
}
