import type { z } from 'zod';
import { show } from './schema/problem.ts';
import type { routerSchema, routeSchema } from './schema/route-schema.ts';
import type { VirtualHost } from './virtual-host.ts';

/** What routes may name. Absent: any name. */
export interface KnownNames {
  readonly origins?: ReadonlySet<string>;
  readonly filters?: ReadonlySet<string>;
}

/** A name that a declaration uses, and where. */
interface Use {
  readonly place: string;
  readonly name: string;
}

/** Problems with names that two routes have: logs and metrics could not tell them apart. */
export function namesTwice(hosts: readonly VirtualHost[]): readonly string[] {
  const places = new Map<string, string>();
  const problems: string[] = [];
  for (const { name, place } of hosts.flatMap(({ routes }) => routes)) {
    const first = places.get(name);
    places.set(name, first ?? place);
    if (first === undefined) continue;
    problems.push(`${place}.name: expected a name of its own, found that of ${first}, ${show(name)}`);
  }
  return problems;
}

/** Problems with names of origins and filters that there are not. */
export function namesUnknown(
  { routes = [], virtualHosts = [] }: z.output<typeof routerSchema>,
  { origins, filters }: KnownNames,
): readonly string[] {
  const hosts = virtualHosts.map((host, at) => ({ ...host, place: `virtualHosts[${at}]` }));
  const all = [
    ...hosts.flatMap((host) =>
      host.routes.map((route, at) => ({ ...route, place: `${host.place}.routes[${at}]` })),
    ),
    ...routes.map((route, at) => ({ ...route, place: `routes[${at}]` })),
  ];
  return [
    ...unknown(all.flatMap(originsOf), origins, 'origin'),
    ...unknown([...hosts, ...all].flatMap(filtersOf), filters, 'filter'),
  ];
}

function originsOf({
  place,
  origin,
  origins = [],
}: z.output<typeof routeSchema> & { place: string }): readonly Use[] {
  const several = origins.map(({ origin }, at) => ({
    place: `${place}.origins[${at}].origin`,
    name: origin,
  }));
  return origin === undefined ? several : [{ place: `${place}.origin`, name: origin }, ...several];
}

function filtersOf(level: {
  place: string;
  filters?: Readonly<Record<string, boolean>> | undefined;
}): readonly Use[] {
  return Object.keys(level.filters ?? {}).map((name) => ({ place: `${level.place}.filters`, name }));
}

function unknown(
  uses: readonly Use[],
  known: ReadonlySet<string> | undefined,
  kind: string,
): readonly string[] {
  if (known === undefined) return [];
  const all = known.size === 0 ? 'there is none' : [...known].join(', ');
  return uses
    .filter(({ name }) => !known.has(name))
    .map(
      ({ place, name }) =>
        `${place}: expected the name of ${kind === 'origin' ? 'an origin' : 'a filter'} (${all}), found ${show(name)}`,
    );
}
