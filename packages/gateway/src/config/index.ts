export { ComponentRegistry } from './component-registry.ts';
export type { FilterDefinition, HandlerLists, OptionFault } from './component-registry.ts';
export {
  declarationFromConfig,
  handlersOf,
  listenerOptionsOf,
  optionsOf,
  serverListOf,
} from './declaration-from-config.ts';
export type { ListenerTlsFactory, OptionBindings } from './declaration-from-config.ts';
export { gatewayChecks } from './gateway-checks.ts';
export { gatewayConfigSchema } from './gateway-config-schema.ts';
export type { GatewayConfig } from './gateway-config-schema.ts';
export type { HandlerListConfig, ListEntry } from './handler-list-schema.ts';
export { gatewayConfigDefinition, loadGatewayConfig } from './load-gateway-config.ts';
export type { LoadedGatewayConfig } from './load-gateway-config.ts';
export { loadPlugins } from './load-plugins.ts';
export { parseAddress } from './parse-address.ts';
export { filterNamesOf } from './router-from-config.ts';
