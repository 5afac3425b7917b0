import { duplicateNames, unknownNames } from '@sluice/config';
import type { CheckFinding, ConfigCheck, NamedPlace } from '@sluice/config';
import type { ComponentRegistry } from '../component-registry.ts';
import type { GatewayConfig } from '../gateway-config-schema.ts';
import { entryName } from '../handler-list-schema.ts';
import { filterNamesOf } from '../router-from-config.ts';
import { hostPlace, routesOf } from './route-places.ts';

type Check = ConfigCheck<GatewayConfig>;

export const uniqueNames: Check = {
  name: 'unique-names',
  run: ({ origins, listeners }) => [
    ...duplicateNames(
      'origin',
      origins.map(({ name }, at) => ({ name, path: ['origins', at, 'name'] })),
    ),
    ...duplicateNames(
      'listener',
      listeners.flatMap(({ name }, at) =>
        name === undefined ? [] : { name, path: ['listeners', at, 'name'] },
      ),
    ),
  ],
};

/** Routes, and filters such as `mirror`, name only origins that there are. */
export function knownOrigins(registry: ComponentRegistry): Check {
  return {
    name: 'known-origins',
    run: (config) =>
      unknownNames(
        'origin',
        originUses(config, registry),
        config.origins.map(({ name }) => name),
      ),
  };
}

export function usedOrigins(registry: ComponentRegistry): Check {
  return {
    name: 'used-origins',
    run: (config) => {
      const used = new Set(originUses(config, registry).map(({ name }) => name));
      return config.origins.flatMap(({ name }, at) =>
        used.has(name)
          ? []
          : warning(['origins', at, 'name'], `found the origin "${name}", which nothing uses.`),
      );
    },
  };
}

/** Routes turn only those filters on and off that the configuration has. */
export function knownFilters(registry: ComponentRegistry): Check {
  return {
    name: 'known-filters',
    run: (config) => {
      const declared = config.filters.map(entryName);
      const known = [...declared, ...declared.flatMap((name) => filterNamesOf(name, registry))];
      const uses = [...config.virtualHosts.map(hostPlace), ...routesOf(config)].flatMap(({ filters, path }) =>
        Object.keys(filters ?? {}).map((name) => ({ name, path: [...path, 'filters', name], isAtKey: true })),
      );
      return unknownNames('filter', uses, [...new Set(known)]);
    },
  };
}

function originUses(config: GatewayConfig, registry: ComponentRegistry): readonly NamedPlace[] {
  const inRoutes = routesOf(config).flatMap(({ origin, origins = [], path }) => {
    if (origin !== undefined) return [{ name: origin, path: [...path, 'origin'] }];
    return origins.map((each, at) => ({ name: each.origin, path: [...path, 'origins', at, 'origin'] }));
  });
  const inFilters = config.filters.flatMap((entry, at) => {
    if (typeof entry === 'string') return [];
    const { originOptions = [] } = registry.filters.get(entry.name) ?? {};
    return originOptions.flatMap((option) => {
      const name = entry.options?.[option];
      return typeof name === 'string' ? [{ name, path: ['filters', at, 'options', option] }] : [];
    });
  });
  return [...inRoutes, ...inFilters];
}

function warning(path: CheckFinding['path'], message: string): CheckFinding {
  return { severity: 'warning', path, message };
}
