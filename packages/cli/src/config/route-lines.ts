import { RouteTable } from '@sluice/router';
import type { Route, RouterDeclaration } from '@sluice/router';

/** The routes in short, each on a line: hosts, path, and what becomes of the request. */
export function routeLines({ routes, virtualHosts }: RouterDeclaration): readonly string[] {
  return new RouteTable({ routes, virtualHosts }).virtualHosts.flatMap(({ domains, routes }) => {
    const hosts = domains.includes('*') ? '' : domains.join(' ');
    return routes.map((route) => `${hosts}${pathOf(route)} → ${targetOf(route)}`);
  });
}

function pathOf({ path }: Route): string {
  return path.kind === 'prefix' ? path.text : ` ${path.toString()}`;
}

function targetOf({ action }: Route): string {
  if (action.kind === 'origin') return action.origins.names.join(', ');
  return action.kind === 'redirect'
    ? `redirect, ${action.redirect.status}`
    : `response, ${action.response.status}`;
}
