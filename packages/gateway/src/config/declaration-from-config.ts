import type { SocketAddress } from '@sluice/core';
import type { FilterClass } from '@sluice/filters';
import { ElbProxyProtocolOptions, TrustedPeers } from '@sluice/handler-proxy-protocol';
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
import { parseAddress } from './parse-address.ts';
import { routerFrom } from './router-from-config.ts';

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
): GatewayDeclaration {
  const { origin } = registry.lists;
  const filters = filtersOf(config, registry);
  const bindings = new Map([
    ...base,
    ...optionsOf(config.originConnections, registry, origin, base),
    ...filters.options,
  ]);
  return {
    listeners: config.listeners.map((listener) => listenerFrom(listener, registry, base)),
    filters: filters.classes,
    origins: config.origins.map(({ name, servers, options }) => ({
      name,
      servers: servers.map(addressOf),
      options,
    })),
    originHandlers: handlersOf(config.originConnections, registry, origin),
    ...routerFrom(config, registry),
    modules: [moduleOf(bindings)],
  };
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

function listenerFrom(
  config: ListenerConfig,
  registry: ComponentRegistry,
  base: OptionBindings,
): ListenerDeclaration {
  const { server } = registry.lists;
  const handlers = handlersOf(config, registry, server);
  const options = new Map(optionsOf(config, registry, server, base));
  if (config.proxyProtocolFrom.length > 0) {
    const own =
      options.get(ElbProxyProtocolOptions) ??
      base.get(ElbProxyProtocolOptions) ??
      new ElbProxyProtocolOptions();
    const trustedPeers = new TrustedPeers(config.proxyProtocolFrom);
    options.set(ElbProxyProtocolOptions, { ...own, mode: 'required', trustedPeers });
  }
  return {
    ...(config.name === undefined ? {} : { name: config.name }),
    address: addressOf(config.address),
    handlers,
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

function addressOf(text: string): SocketAddress {
  const address = parseAddress(text);
  if (address === undefined) throw new TypeError(`"${text}" is no address.`);
  return address;
}
