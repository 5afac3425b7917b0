export { DrainOptions } from './drain.ts';
export type { DrainReport } from './drain.ts';
export type { GatewayDeclaration, ListenerDeclaration } from './gateway-declaration.ts';
export { DEFAULT_ORIGIN_HANDLERS, Gateway } from './gateway.ts';
export { ListenError } from './listen-error.ts';
export { RouteTable } from './route-table.ts';
export type { Route } from './route-table.ts';
export { RouterFilter } from './router-filter.ts';
export { LOGGER } from './tokens.ts';
