export { DrainOptions } from './drain.ts';
export type { DrainReport } from './drain.ts';
export type { GatewayDeclaration, ListenerDeclaration } from './gateway-declaration.ts';
export { DEFAULT_ORIGIN_HANDLERS } from './gateway-snapshot.ts';
export { Gateway } from './gateway.ts';
export type { GatewayState } from './gateway.ts';
export { ListenError } from './listen-error.ts';
export type { ListenerStatus } from './listener-status.ts';
export { LOGGER } from './tokens.ts';
