import type { Route } from '../route.ts';
import { PrefixTree } from './prefix-tree.ts';
import { visitAll } from './route-visitor.ts';
import type { RouteVisitor } from './route-visitor.ts';
import { TemplateTree } from './template-tree.ts';

/**
 * Finds the routes whose path matches without asking all of them: exact paths by hash, prefixes and
 * templates by a walk along the path. Regular expressions alone are tried one by one.
 */
export class PathIndex {
  readonly #byCase = new CaseIndex();
  readonly #withoutCase = new CaseIndex();
  readonly #regexes: Route[] = [];

  /** In declared order. */
  constructor(routes: readonly Route[]) {
    for (const route of routes) {
      if (route.path.kind === 'regex') this.#regexes.push(route);
      else (route.path.ignoreCase ? this.#withoutCase : this.#byCase).add(route);
    }
  }

  /** Shows the visitor each route whose path matches; those of interest alone, see its limit. */
  visit(path: string, visitor: RouteVisitor): void {
    this.#byCase.visit(path, visitor);
    if (!this.#withoutCase.isEmpty) this.#withoutCase.visit(path.toLowerCase(), visitor);
    for (const route of this.#regexes) {
      if (route.index >= visitor.limit) return;
      if (route.path.matches(path)) visitor.visit(route);
    }
  }
}

class CaseIndex {
  readonly #exact = new Map<string, Route[]>();
  #prefixes: PrefixTree | undefined = undefined;
  #templates: TemplateTree | undefined = undefined;
  isEmpty = true;

  add(route: Route): void {
    const { kind, text, template, isAny } = route.path;
    this.isEmpty = false;
    if (template !== undefined) (this.#templates ??= new TemplateTree()).add(template, route);
    else if (kind === 'exact') this.#addExact(text, route);
    else (this.#prefixes ??= new PrefixTree()).add(text, kind === 'segmentPrefix' && !isAny, route);
  }

  visit(path: string, visitor: RouteVisitor): void {
    const exact = this.#exact.get(path);
    if (exact !== undefined) visitAll(exact, visitor);
    this.#templates?.visit(path, visitor);
    this.#prefixes?.visit(path, visitor);
  }

  #addExact(text: string, route: Route): void {
    const known = this.#exact.get(text);
    if (known === undefined) this.#exact.set(text, [route]);
    else known.push(route);
  }
}
