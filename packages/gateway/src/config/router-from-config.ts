import { filterOptions } from '@sluice/filters';
import type { RouterDeclaration } from '@sluice/router';
import type { ComponentRegistry } from './component-registry.ts';
import type { GatewayConfig } from './gateway-config-schema.ts';

type Router = Pick<GatewayConfig, 'routes' | 'virtualHosts' | 'ambiguousPaths'>;
type Overrides = Readonly<Record<string, boolean>>;

/**
 * The routes that a configuration declares. A name of the file may stand for several filters, such
 * as those of `compression`: a route that names it names all of them.
 */
export function routerFrom(
  { routes, virtualHosts, ambiguousPaths }: Router,
  registry: ComponentRegistry,
): RouterDeclaration {
  const expand = <Level extends { readonly filters?: Overrides | undefined }>(level: Level): Level =>
    level.filters === undefined ? level : { ...level, filters: expandNames(level.filters, registry) };
  return {
    routes: routes.map(expand),
    virtualHosts: virtualHosts.map((host) => ({ ...expand(host), routes: host.routes.map(expand) })),
    ambiguousPaths,
  };
}

/** The names of the filters that a name of the file stands for. */
export function filterNamesOf(name: string, { filters }: ComponentRegistry): readonly string[] {
  const classes = filters.get(name)?.filters ?? [];
  return classes.map((filter) => filterOptions(filter).name ?? filter.name);
}

/** What is said of one filter has the last word over what is said of its group. */
function expandNames(overrides: Overrides, registry: ComponentRegistry): Overrides {
  const names = Object.entries(overrides).map(([name, isOn]) => ({
    members: registry.filters.has(name) ? filterNamesOf(name, registry) : [name],
    isOn,
  }));
  const widestFirst = names.toSorted((a, b) => b.members.length - a.members.length);
  return Object.fromEntries(
    widestFirst.flatMap(({ members, isOn }) => members.map((member) => [member, isOn])),
  );
}
