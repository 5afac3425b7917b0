import { changeRoutes } from './change-routes.ts';
import { indexRoute } from './index-route.ts';
import type { AdminRoute } from './admin-route.ts';
import { readRoutes } from './read-routes.ts';

const routes: readonly AdminRoute[] = [...readRoutes, ...changeRoutes];

/** Everything that the admin listener answers. */
export const ADMIN_ROUTES: readonly AdminRoute[] = [indexRoute(routes), ...routes];
