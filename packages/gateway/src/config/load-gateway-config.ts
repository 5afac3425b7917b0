import { loadConfig } from '@sluice/config';
import type { ConfigDefinition, DefinitionOf, LoadedConfig, ReadOptions } from '@sluice/config';
import type { ComponentRegistry } from './component-registry.ts';
import { gatewayChecks } from './gateway-checks.ts';
import { gatewayConfigSchema } from './gateway-config-schema.ts';
import type { GatewayConfig } from './gateway-config-schema.ts';
import { loadPlugins } from './load-plugins.ts';
import { namedFiles } from './named-files.ts';

type GatewaySchema = ReturnType<typeof gatewayConfigSchema>;

/** A configuration of a gateway, and the handlers and filters that it can name, with those of its plugins. */
export interface LoadedGatewayConfig {
  readonly config: LoadedConfig<GatewayConfig>;
  readonly registry: ComponentRegistry;
}

/**
 * Loads the configuration of a gateway and the plugins that it names. Rejects with a ConfigError that
 * has every error at once.
 */
export async function loadGatewayConfig(
  path: string,
  registry: ComponentRegistry,
  options: ReadOptions = {},
): Promise<LoadedGatewayConfig> {
  let known = registry;
  const definition = gatewayConfigDefinition(registry, (withPlugins) => (known = withPlugins));
  const config = await loadConfig(path, { ...options, definition });
  return { config, registry: known };
}

/**
 * The schema of a gateway with the plugins that a file names, and its checks: for `watchConfig`.
 * `onRegistry` is told what can be named each time that it is loaded.
 */
export function gatewayConfigDefinition(
  registry: ComponentRegistry,
  onRegistry: (registry: ComponentRegistry) => void = () => {},
): DefinitionOf<GatewaySchema> {
  return async (source, report) => {
    const known = await loadPlugins(source, registry, report);
    onRegistry(known);
    return definitionFor(known);
  };
}

/** Made once for what can be named, not with each load: a schema of all handlers and filters, and the code that zod makes of it. */
const definitions = new WeakMap<ComponentRegistry, ConfigDefinition<GatewaySchema>>();

function definitionFor(registry: ComponentRegistry): ConfigDefinition<GatewaySchema> {
  const known = definitions.get(registry);
  if (known !== undefined) return known;
  const made = {
    schema: gatewayConfigSchema(registry),
    checks: gatewayChecks(registry),
    filesOf: namedFiles(registry),
  };
  definitions.set(registry, made);
  return made;
}
