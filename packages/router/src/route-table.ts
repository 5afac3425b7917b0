import type { HttpRequest } from '@sluice/codec-http';
import type { z } from 'zod';
import { namesTwice, namesUnknown } from './check-names.ts';
import type { KnownNames } from './check-names.ts';
import { compileRoute } from './compile-route.ts';
import { DomainIndex } from './match/domain-index.ts';
import { parseDomain } from './match/domain.ts';
import { upperHex } from './match/path-readings.ts';
import type { AmbiguousPaths } from './match/path-readings.ts';
import type { Route } from './route.ts';
import { RouteError } from './route-error.ts';
import { problemsOf, show } from './schema/problem.ts';
import { routerSchema } from './schema/route-schema.ts';
import type { RouterDeclaration, virtualHostSchema } from './schema/route-schema.ts';
import { untakenPaths } from './untaken-paths.ts';
import { VirtualHost } from './virtual-host.ts';
import type { Scheme } from './match/domain-index.ts';

const DEFAULT_HOST = 'default';

/** The virtual hosts and routes of a gateway at one moment. It never changes. */
export class RouteTable {
  readonly virtualHosts: readonly VirtualHost[];
  readonly ambiguousPaths: AmbiguousPaths;
  readonly #domains = new DomainIndex<VirtualHost>();

  /** Throws a {@link RouteError} that names everything that is wrong with the declaration. */
  constructor(declaration: RouterDeclaration, known: KnownNames = {}) {
    const parsed = routerSchema.safeParse(declaration);
    if (!parsed.success) throw new RouteError(problemsOf(parsed.error, declaration));
    const { routes = [], virtualHosts = [], ambiguousPaths = 'refuse' } = parsed.data;
    const problems: string[] = [];
    const own = virtualHosts.map((host, at) => compileHost(host, `virtualHosts[${at}].`));
    const all = { name: DEFAULT_HOST, domains: ['*'], routes };
    this.virtualHosts = routes.length === 0 ? own : [...own, compileHost(all, '')];
    this.ambiguousPaths = ambiguousPaths;
    for (const host of this.virtualHosts) this.#addDomains(host, problems);
    problems.push(...namesTwice(this.virtualHosts), ...namesUnknown(parsed.data, known));
    problems.push(...untakenPaths(this.virtualHosts, ambiguousPaths));
    if (problems.length > 0) throw new RouteError(problems);
  }

  get isEmpty(): boolean {
    return this.virtualHosts.length === 0;
  }

  /** `scheme` says which port a Host field means that names none. */
  findVirtualHost(request: HttpRequest, scheme: Scheme = 'http'): VirtualHost | undefined {
    return this.#domains.find(request, scheme);
  }

  /** `path`: the one to match. Default: the request's own. */
  find(request: HttpRequest, path: string = pathOf(request), scheme: Scheme = 'http'): Route | undefined {
    return this.findVirtualHost(request, scheme)?.find(request, upperHex(path));
  }

  #addDomains(host: VirtualHost, problems: string[]): void {
    for (const text of host.domains) {
      const domain = parseDomain(text);
      const other = domain && this.#domains.add(domain, host);
      if (other === undefined) continue;
      const where = other === host ? 'twice' : `in "${other.name}" and`;
      problems.push(
        `virtualHosts: expected each domain once, found ${show(text)} ${where} in "${host.name}"`,
      );
    }
  }
}

/** The path that routes are matched against; `*`, of a request about the server as a whole, has those of `/`. */
export function pathOf({ path }: HttpRequest): string {
  return path.startsWith('/') ? path : '/';
}

function compileHost(declared: z.output<typeof virtualHostSchema>, place: string): VirtualHost {
  const host = declared.name ?? declared.domains[0] ?? DEFAULT_HOST;
  const routes = declared.routes.map((route, index) =>
    compileRoute(route, declared, { host, place: `${place}routes[${index}]`, index }),
  );
  return new VirtualHost(host, declared.domains, routes);
}
