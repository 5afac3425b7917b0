import type { PathMatcher } from './match/path-matcher.ts';
import type { RouteVisitor } from './match/route-visitor.ts';
import type { Route } from './route.ts';
import type { RouteTable } from './route-table.ts';

/** A route that no request takes, and the earlier one that takes them all. */
export interface ShadowedRoute {
  readonly route: Route;
  readonly by: Route;
}

/**
 * Finds routes that are never taken because an earlier one matches whatever they match. A pair
 * that can't be decided, as of two regular expressions, is left out: all that is reported is true.
 */
export function findShadowedRoutes(table: RouteTable): readonly ShadowedRoute[] {
  return table.virtualHosts.flatMap((host) =>
    host.routes.flatMap((route) => {
      const search = new CoverSearch(route);
      // Whatever covers all of its paths matches the shortest of them, too.
      host.visit(sampleOf(route.path), search);
      return search.found === undefined ? [] : [{ route, by: search.found }];
    }),
  );
}

class CoverSearch implements RouteVisitor {
  readonly #route: Route;
  limit: number;
  found: Route | undefined = undefined;

  constructor(route: Route) {
    this.#route = route;
    this.limit = route.index;
  }

  visit(earlier: Route): void {
    const route = this.#route;
    if (!coversPath(earlier.path, route.path) || !coversRest(earlier, route)) return;
    this.found = earlier;
    this.limit = earlier.index;
  }
}

// No request has this for a segment by chance, and no literal covers all that a parameter takes.
const ANY_SEGMENT = '\u{0}';

function sampleOf({ kind, text, template }: PathMatcher): string {
  if (kind === 'regex') return '/';
  if (template === undefined) return text;
  const parts = template.segments.map(({ kind, text }) =>
    kind === 'literal' ? text : kind === 'one' ? ANY_SEGMENT : '',
  );
  return `/${parts.join('/')}`;
}

function coversPath(wide: PathMatcher, narrow: PathMatcher): boolean {
  if (wide.isAny) return true;
  if (narrow.ignoreCase && !wide.ignoreCase) return false;
  if (wide.kind === 'regex' || narrow.kind === 'regex') return wide.toString() === narrow.toString();
  if (narrow.kind === 'exact') return wide.matches(narrow.text);
  const sample = sampleOf(narrow);
  if (wide.kind === 'template') return narrow.kind === 'template' && coversTemplate(wide, narrow);
  if (wide.kind === 'exact' || !wide.matches(sample)) return false;
  // `/api` and below takes not all that begins with `/api`, and a parameter may be anything.
  const start = narrow.template?.literalStart ?? narrow.text;
  return wide.kind === 'prefix'
    ? folded(start, wide).startsWith(wide.text)
    : narrow.kind === 'segmentPrefix' || folded(start, wide).startsWith(`${wide.text}/`);
}

function coversTemplate(wide: PathMatcher, narrow: PathMatcher): boolean {
  const own = narrow.template?.segments ?? [];
  const isRest = own.at(-1)?.kind === 'rest';
  return wide.matches(sampleOf(narrow)) && (!isRest || wide.template?.segments.at(-1)?.kind === 'rest');
}

function folded(text: string, { ignoreCase }: PathMatcher): string {
  return ignoreCase ? text.toLowerCase() : text;
}

/** Whether all that the wide route wants beside the path is wanted by the narrow one, too. */
function coversRest(wide: Route, narrow: Route): boolean {
  if (narrow.connect && !wide.connect) return false;
  return wide.conditions.every((wanted) =>
    narrow.conditions.some((given) => given.text === wanted.text || areAmong(given.methods, wanted.methods)),
  );
}

function areAmong(some: readonly string[] | undefined, all: readonly string[] | undefined): boolean {
  return some !== undefined && all !== undefined && some.every((method) => all.includes(method));
}
