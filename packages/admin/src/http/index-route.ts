import { textReply } from './admin-reply.ts';
import type { AdminRoute } from './admin-route.ts';

/** The page that says what there is. */
export function indexRoute(routes: readonly AdminRoute[]): AdminRoute {
  const route: AdminRoute = {
    method: 'GET',
    path: '/',
    summary: 'this page',
    answer: () => textReply(page),
  };
  const page = `Sluice admin. POST takes Authorization: Bearer TOKEN.\n\n${[route, ...routes].map(line).join('\n')}\n`;
  return route;
}

function line({ method, path, parameters = [], summary }: AdminRoute): string {
  const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`;
  return `${method.padEnd(5)}${`${path}${query}`.padEnd(55)}${summary}`;
}
