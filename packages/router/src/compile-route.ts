import type { z } from 'zod';
import { DirectResponse } from './action/direct-response.ts';
import { HeaderMutation } from './action/header-mutation.ts';
import type { HeaderMutationConfig } from './action/header-mutation.ts';
import { OriginChoice } from './action/origin-choice.ts';
import { pathRewrite } from './action/path-rewrite.ts';
import { Redirect } from './action/redirect.ts';
import { headerCondition, methodCondition, queryCondition } from './match/condition.ts';
import type { Condition } from './match/condition.ts';
import type { PathMatcher } from './match/path-matcher.ts';
import type { Route, RouteAction } from './route.ts';
import { pathMatcherOf } from './schema/match-schema.ts';
import type { routeSchema, virtualHostSchema } from './schema/route-schema.ts';

type Declared = z.output<typeof routeSchema>;
/** What a virtual host says for all its routes. */
export type Defaults = Partial<z.output<typeof virtualHostSchema>>;

/** Where a route stands. */
export interface RoutePlace {
  /** The name of its virtual host. */
  readonly host: string;
  /** In the declaration, as `virtualHosts[0].routes[3]`. */
  readonly place: string;
  readonly index: number;
}

const DEFAULT_UPGRADES: readonly string[] = ['websocket'];

/** Makes a route of a declaration that the schema has checked. */
export function compileRoute(
  declared: Declared,
  defaults: Defaults,
  { host, place, index }: RoutePlace,
): Route {
  const path = pathMatcherOf(declared.path, declared.prefix);
  const { rewrite, upgrades = DEFAULT_UPGRADES, connect = false } = declared;
  return {
    name: declared.name ?? `${host}[${index}]`,
    place,
    index,
    path,
    conditions: conditionsOf(declared),
    action: actionOf(declared, path),
    rewritePath: rewrite && pathRewrite(rewrite, path),
    rewriteHost: rewrite?.host,
    requestHeaders: mutationOf(defaults.requestHeaders, declared.requestHeaders),
    responseHeaders: mutationOf(defaults.responseHeaders, declared.responseHeaders),
    upstream: merged(defaults.upstream, declared.upstream),
    filters: overridesOf(merged(defaults.filters, declared.filters)),
    upgrades,
    connect,
  };
}

function conditionsOf({ methods, headers = [], query = [] }: Declared): readonly Condition[] {
  return [
    ...(methods === undefined ? [] : [methodCondition(methods)]),
    ...headers.map(headerCondition),
    ...query.map(queryCondition),
  ];
}

function actionOf({ origin, origins, sticky, redirect, response }: Declared, path: PathMatcher): RouteAction {
  if (redirect !== undefined) return { kind: 'redirect', redirect: new Redirect(redirect, path) };
  if (response !== undefined) return { kind: 'response', response: new DirectResponse(response) };
  const all = origins ?? (origin === undefined ? [] : [{ origin, weight: 1 }]);
  return { kind: 'origin', origins: new OriginChoice(all, sticky) };
}

function mutationOf(...levels: readonly (HeaderMutationConfig | undefined)[]): HeaderMutation | undefined {
  const mutation = new HeaderMutation(levels);
  return mutation.isEmpty ? undefined : mutation;
}

function merged<T extends object>(general: T | undefined, special: T | undefined): T | undefined {
  if (general === undefined || special === undefined) return special ?? general;
  return { ...general, ...special };
}

function overridesOf(
  filters: Readonly<Record<string, boolean>> | undefined,
): ReadonlyMap<string, boolean> | undefined {
  const entries = Object.entries(filters ?? {});
  return entries.length === 0 ? undefined : new Map(entries);
}
