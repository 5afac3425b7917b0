import type { Route } from '../route.ts';
import type { PathTemplate } from './path-template.ts';
import { visitAll } from './route-visitor.ts';
import type { RouteVisitor } from './route-visitor.ts';

class Node {
  readonly literals = new Map<string, Node>();
  /** Behind a parameter that takes one segment. */
  one: Node | undefined = undefined;
  /** Of templates that end here. */
  readonly ends: Route[] = [];
  /** Of templates that take all that follows. */
  readonly rests: Route[] = [];
}

/** Templates as a tree of segments; a walk meets each branch that the path can take once. */
export class TemplateTree {
  readonly #root = new Node();

  /** Routes come in declared order. */
  add(template: PathTemplate, route: Route): void {
    let node = this.#root;
    for (const { kind, text } of template.segments) {
      if (kind === 'rest') {
        node.rests.push(route);
        return;
      }
      node = kind === 'one' ? (node.one ??= new Node()) : literalChild(node, text);
    }
    node.ends.push(route);
  }

  /** The path begins with a slash. */
  visit(path: string, visitor: RouteVisitor): void {
    this.#walk(this.#root, path, 0, visitor);
  }

  // `at` is the place of the slash before the next segment.
  #walk(node: Node, path: string, at: number, visitor: RouteVisitor): void {
    if (at === path.length) {
      visitAll(node.ends, visitor);
      return;
    }
    visitAll(node.rests, visitor);
    const slash = path.indexOf('/', at + 1);
    const end = slash === -1 ? path.length : slash;
    const literal = node.literals.size > 0 ? node.literals.get(path.slice(at + 1, end)) : undefined;
    if (literal !== undefined) this.#walk(literal, path, end, visitor);
    if (node.one !== undefined && end > at + 1) this.#walk(node.one, path, end, visitor);
  }
}

function literalChild(node: Node, text: string): Node {
  const known = node.literals.get(text);
  if (known !== undefined) return known;
  const child = new Node();
  node.literals.set(text, child);
  return child;
}
