import type { Route } from '../route.ts';
import type { PathTemplate } from './path-template.ts';
import { visitAll } from './route-visitor.ts';
import type { RouteVisitor } from './route-visitor.ts';

const NONE: Route[] = [];

/** There are many of these: what is not there takes no memory, and the only child no map. */
class Node {
  onlyText = '';
  only: Node | undefined = undefined;
  /** When there are several literals, all of them. */
  literals: Map<string, Node> | undefined = undefined;
  /** Behind a parameter that takes one segment. */
  one: Node | undefined = undefined;
  /** Of templates that end here. */
  ends = NONE;
  /** Of templates that take all that follows. */
  rests = NONE;
}

/** Templates as a tree of segments; a walk meets each branch that the path can take once. */
export class TemplateTree {
  readonly #root = new Node();

  /** Routes come in declared order. */
  add(template: PathTemplate, route: Route): void {
    let node = this.#root;
    for (const { kind, text } of template.segments) {
      if (kind === 'rest') {
        node.rests = [...node.rests, route];
        return;
      }
      node = kind === 'one' ? (node.one ??= new Node()) : literalChild(node, text);
    }
    node.ends = [...node.ends, route];
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
    const literal = childFor(node, path, at + 1, end);
    if (literal !== undefined) this.#walk(literal, path, end, visitor);
    if (node.one !== undefined && end > at + 1) this.#walk(node.one, path, end, visitor);
  }
}

function childFor(
  { only, onlyText, literals }: Node,
  path: string,
  start: number,
  end: number,
): Node | undefined {
  if (literals !== undefined) return literals.get(path.slice(start, end));
  return end - start === onlyText.length && path.startsWith(onlyText, start) ? only : undefined;
}

function literalChild(node: Node, text: string): Node {
  const known = childFor(node, text, 0, text.length);
  if (known !== undefined) return known;
  const child = new Node();
  if (node.literals !== undefined) node.literals.set(text, child);
  else if (node.only === undefined) {
    node.only = child;
    node.onlyText = text;
  } else {
    node.literals = new Map([
      [node.onlyText, node.only],
      [text, child],
    ]);
  }
  return child;
}
