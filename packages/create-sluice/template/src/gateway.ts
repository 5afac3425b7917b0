import { Gateway } from '@sluice/gateway';
import type { RouteDeclaration } from '@sluice/router';
import { handlers } from './pipeline.ts';
import { SecurityFieldsFilter } from './security-fields-filter.ts';
import type { Settings } from './settings.ts';

export const filters = [SecurityFieldsFilter];

/** The first route that matches is taken. */
export const routes: readonly RouteDeclaration[] = [
  { name: 'health', path: { exact: '/healthz' }, response: { status: 200, body: 'ok\n' } },
  { name: 'app', prefix: '/', origin: 'app', upstream: { timeoutMs: 15_000 } },
];

export function makeGateway({ host, port, servers }: Settings): Gateway {
  return new Gateway({
    listeners: [{ address: { host, port }, handlers }],
    filters,
    origins: [{ name: 'app', servers }],
    routes,
  });
}
