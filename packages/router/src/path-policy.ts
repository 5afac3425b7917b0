import type { HttpRequest } from '@sluice/codec-http';
import { hasDotSegment, isAmbiguous, normalizePath, readingsOf } from './match/path-readings.ts';
import { changesPath } from './route.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';
import type { VirtualHost } from './virtual-host.ts';

/** The path to match and to forward: the received one, but where the table says to normalise. */
export function forwardedPath({ ambiguousPaths }: RouteTable, path: string): string {
  return ambiguousPaths === 'normalize' && isAmbiguous(path) ? normalizePath(path) : path;
}

/**
 * Whether a request is to be refused although its path matches: an origin may read the path in a way
 * that would have taken another route, or that leaves the part of it which the route rewrites.
 */
export function isPathRefused(
  table: RouteTable,
  host: VirtualHost | undefined,
  request: HttpRequest,
  path: string,
  route: Route | undefined,
): boolean {
  if (table.ambiguousPaths === 'keep' || !isAmbiguous(path)) return false;
  if (route !== undefined && changesPath(route) && hasDotSegment(path)) return true;
  return readingsOf(path).some((reading) => host?.find(request, reading) !== route);
}
