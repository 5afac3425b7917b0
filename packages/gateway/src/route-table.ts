import { SluiceError } from '@sluice/core';

/** Which origin gets which requests. */
export interface Route {
  /** The host that was asked for, without port. Default: any. */
  readonly host?: string;
  /** What the path begins with. Default: `/`, which is any. */
  readonly prefix?: string;
  /** The name of an origin. */
  readonly origin: string;
}

/** The routes of a gateway: the one with a matching host and the longest matching prefix wins. */
export class RouteTable {
  readonly routes: readonly Route[];
  // Those with a host first, then by falling length of the prefix.
  readonly #ordered: readonly Required<Route>[];

  /** Throws a {@link SluiceError} for a prefix that is not an absolute path, or a host with more than a host. */
  constructor(routes: readonly Route[]) {
    this.routes = routes;
    this.#ordered = routes.map(complete).toSorted((a, b) => specificity(b) - specificity(a));
  }

  /** `*`, the path of a request about the server as a whole, has the routes of `/`. */
  find(host: string, target: string): Route | undefined {
    const path = target === '*' ? '/' : target;
    for (const route of this.#ordered) {
      if ((route.host === '' || route.host === host) && path.startsWith(route.prefix)) return route;
    }
    return undefined;
  }
}

// A name or an IPv4 address, or an IPv6 address in brackets; no port, no scheme, no pattern.
const HOST = /^(?:[^\s:/?#@[\]*]*|\[[\da-f:.]+\])$/i;

function complete({ host = '', prefix = '/', origin }: Route): Required<Route> {
  if (!prefix.startsWith('/')) {
    throw new SluiceError('SLUICE_ROUTE', `The prefix of a route begins with "/", but there is "${prefix}".`);
  }
  if (!HOST.test(host)) {
    throw new SluiceError(
      'SLUICE_ROUTE',
      `The host of a route has no port or pattern, but there is "${host}".`,
    );
  }
  return { host: host.toLowerCase(), prefix, origin };
}

// A path is shorter than this, so that a host weighs more than any prefix.
const HOST_WEIGHT = 1_000_000;

function specificity({ host, prefix }: Required<Route>): number {
  return (host === '' ? 0 : HOST_WEIGHT) + prefix.length;
}
