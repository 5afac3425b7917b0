import type { FilterClass } from '@sluice/filters';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
import { ServerSslContext } from '@sluice/handler-tls';
import type { ServerSslOptions } from '@sluice/handler-tls';
import { handlerOptions } from '@sluice/inject';
import type { HandlerClass } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import type { Newable } from 'inversify';
import type { GatewayDeclaration, ListenerDeclaration } from '../gateway-declaration.ts';
import type { ComponentRegistry, FilterDefinition } from './component-registry.ts';
import type { GatewayConfig } from './gateway-config-schema.ts';
import { entryName } from './handler-list-schema.ts';
import type { HandlerListConfig } from './handler-list-schema.ts';
import { boundOptions } from './option-schema.ts';
import { originFrom, requireAddress } from './origin-schema.ts';
import { routerFrom } from './router-from-config.ts';
import { serverTlsOptions } from './tls-schema.ts';

/** Makes the TLS side of a listener, or takes one that is there: a program may watch its certificates. */
export type ListenerTlsFactory = (options: Partial<ServerSslOptions>) => ServerSslContext;

/** Options by their class, for what is injected. */
export type OptionBindings = ReadonlyMap<Newable, object>;

type ListenerConfig = GatewayConfig['listeners'][number];

/**
 * What a checked configuration declares. `base` are options that count where it says nothing else.
 * The access log and the admin listener are left to the program.
 */
export function declarationFromConfig(
  config: GatewayConfig,
  registry: ComponentRegistry,
  base: OptionBindings = new Map(),
  tlsOf: ListenerTlsFactory = (options) => new ServerSslContext(options),
): GatewayDeclaration {
  const { origin } = registry.lists;
  const filters = filtersOf(config, registry);
  const bindings = new Map([
    ...base,
    ...optionsOf(config.originConnections, registry, origin, base),
    ...filters.options,
  ]);
  return {
    listeners: config.listeners.map((listener) => listenerFrom(listener, registry, base, tlsOf)),
    filters: filters.classes,
    origins: config.origins.map(originFrom),
    originHandlers: handlersOf(config.originConnections, registry, origin),
    ...routerFrom(config, registry),
    modules: [moduleOf(bindings)],
  };
}

/** The handler list of a listener that has none of its own. */
export function serverListOf(
  { tls }: Pick<ListenerConfig, 'tls'>,
  { lists: { server, tlsServer = server } }: ComponentRegistry,
): readonly HandlerClass[] {
  return tls === undefined ? server : tlsServer;
}

/** The classes of a handler list, in their order. */
export function handlersOf(
  { handlers, without }: HandlerListConfig,
  registry: ComponentRegistry,
  byDefault: readonly HandlerClass[],
): readonly HandlerClass[] {
  const list = handlers?.flatMap((entry) => registry.handlers.get(entryName(entry)) ?? []) ?? byDefault;
  return list.filter((handler) => !without.includes(handlerOptions(handler).name));
}

/** The options that a configuration sets of the handlers of a list. */
export function optionsOf(
  config: HandlerListConfig,
  registry: ComponentRegistry,
  byDefault: readonly HandlerClass[],
  base: OptionBindings,
): OptionBindings {
  const values = new Map(Object.entries(config.handlerOptions));
  for (const entry of config.handlers ?? [])
    if (typeof entry !== 'string') values.set(entry.name, { ...values.get(entry.name), ...entry.options });
  return new Map(
    handlersOf(config, registry, byDefault).flatMap((handler) =>
      boundOptions(handler as Newable, values.get(handlerOptions(handler).name) ?? {}, base),
    ),
  );
}

/** The options that a configuration sets of the handlers of a listener, whichever of its keys does. */
export function listenerOptionsOf(
  config: ListenerConfig,
  registry: ComponentRegistry,
  base: OptionBindings,
): OptionBindings {
  const options = optionsOf(config, registry, serverListOf(config, registry), base);
  if (config.proxyProtocolFrom.length === 0) return options;
  const own =
    options.get(ElbProxyProtocolOptions) ??
    base.get(ElbProxyProtocolOptions) ??
    new ElbProxyProtocolOptions();
  const trustedPeers = new TrustedPeers(config.proxyProtocolFrom);
  return new Map([...options, [ElbProxyProtocolOptions, { ...own, mode: 'required', trustedPeers }]]);
}

function listenerFrom(
  config: ListenerConfig,
  registry: ComponentRegistry,
  base: OptionBindings,
  tlsOf: ListenerTlsFactory,
): ListenerDeclaration {
  const handlers = handlersOf(config, registry, serverListOf(config, registry));
  const options = listenerOptionsOf(config, registry, base);
  return {
    ...(config.name === undefined ? {} : { name: config.name }),
    address: requireAddress(config.address),
    handlers,
    ...(config.tls === undefined ? {} : { tls: tlsOf(serverTlsOptions(config.tls)) }),
    ...(options.size === 0 ? {} : { modules: [moduleOf(options)] }),
  };
}

function moduleOf(options: OptionBindings): ContainerModule {
  return new ContainerModule(({ bind }) => {
    for (const [type, value] of options) bind(type).toConstantValue(value);
  });
}

function filtersOf(
  { filters }: GatewayConfig,
  registry: ComponentRegistry,
): { readonly classes: readonly FilterClass[]; readonly options: OptionBindings } {
  const options = new Map<Newable, object>();
  const classes: FilterClass[] = [];
  for (const entry of filters) {
    const definition = registry.filters.get(entryName(entry));
    if (definition === undefined) continue;
    classes.push(...definition.filters);
    const values = typeof entry === 'string' ? {} : (entry.options ?? {});
    for (const [type, value] of filterOptionsOf(definition, values)) options.set(type, value);
  }
  return { classes, options };
}

function filterOptionsOf(
  { filters, options }: FilterDefinition,
  values: Readonly<Record<string, unknown>>,
): readonly (readonly [Newable, object])[] {
  const type = options as Newable<object> | undefined;
  if (type !== undefined) return [[type, new type(values)]];
  return filters.flatMap((filter) => boundOptions(filter, values, new Map()));
}
