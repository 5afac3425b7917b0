import { HttpStatusError } from '@sluice/filters';
import type { AdminRoute } from './admin-route.ts';

/** A route, and what stands in the path in the place of its `{name}`. */
export interface FoundRoute {
  readonly route: AdminRoute;
  readonly name: string;
}

interface Candidate {
  readonly route: AdminRoute;
  readonly pattern: RegExp;
}

/** Finds the route of a request. */
export class RouteFinder {
  readonly #candidates: readonly Candidate[];

  constructor(routes: readonly AdminRoute[]) {
    this.#candidates = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  }

  /** Throws an HttpStatusError: 404 for a path that no route has, 405 for one that has others, 400 for a name that can't be decoded. */
  find(method: string, path: string): FoundRoute {
    const there = this.#candidates.filter(({ pattern }) => pattern.test(path));
    if (there.length === 0) throw this.#notFound();
    const wanted = method === 'HEAD' ? 'GET' : method;
    const candidate = there.find(({ route }) => route.method === wanted);
    if (candidate === undefined) throw notAllowed(there.map(({ route }) => route.method));
    return { route: candidate.route, name: decoded(candidate.pattern.exec(path)?.[1] ?? '') };
  }

  #notFound(): HttpStatusError {
    const paths = [...new Set(this.#candidates.map(({ route }) => route.path))];
    return new HttpStatusError(404, `There is nothing at this path. There is: ${paths.join(', ')}.`);
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace('{name}', '([^/]+)')}$`);
}

function notAllowed(methods: readonly string[]): HttpStatusError {
  const allow = methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])).join(', ');
  return new HttpStatusError(405, `This takes ${allow} alone.`, { headers: [['allow', allow]] });
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    throw new HttpStatusError(400, 'The name in the path is not percent-encoded UTF-8.', { cause });
  }
}
