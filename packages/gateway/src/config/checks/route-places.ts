import type { ConfigPath } from '@sluice/config';
import type { GatewayConfig } from '../gateway-config-schema.ts';

type RouteConfig = GatewayConfig['routes'][number];
type HostConfig = GatewayConfig['virtualHosts'][number];

/** Where something stands. */
export interface Place {
  readonly path: ConfigPath;
}

/** All routes of a configuration, those of virtual hosts first, as the router has them. */
export function routesOf({ routes, virtualHosts }: GatewayConfig): readonly (RouteConfig & Place)[] {
  const placed = (list: readonly RouteConfig[], path: ConfigPath) =>
    list.map((route, at) => ({ ...route, path: [...path, 'routes', at] as ConfigPath }));
  return [
    ...virtualHosts.flatMap((host, at) => placed(host.routes, ['virtualHosts', at])),
    ...placed(routes, []),
  ];
}

export function hostPlace(host: HostConfig, at: number): HostConfig & Place {
  return { ...host, path: ['virtualHosts', at] };
}

/** Reads a place as the router writes it, like `virtualHosts[0].routes[3]`. */
export function pathOfPlace(place: string): ConfigPath {
  return [...place.matchAll(/\[(?<index>\d+)\]|(?<key>[^.[\]]+)/g)].map(({ groups }) =>
    groups?.['index'] === undefined ? (groups?.['key'] ?? '') : Number(groups['index']),
  );
}
