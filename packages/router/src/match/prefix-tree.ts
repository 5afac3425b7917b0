import type { Route } from '../route.ts';
import { visitAll } from './route-visitor.ts';
import type { RouteVisitor } from './route-visitor.ts';

const SLASH = 0x2f;

class Node {
  label: string;
  readonly children = new Map<number, Node>();
  readonly prefixes: Route[] = [];
  readonly segmentPrefixes: Route[] = [];

  constructor(label: string) {
    this.label = label;
  }
}

/**
 * Prefixes as a compressed tree of characters: one walk along a path passes all prefixes of it, so
 * that the cost is that of the path and not of the number of routes.
 */
export class PrefixTree {
  readonly #root = new Node('');

  /** Routes come in declared order. `isSegment`: the prefix ends where a segment ends. */
  add(prefix: string, isSegment: boolean, route: Route): void {
    const node = this.#nodeOf(prefix);
    (isSegment ? node.segmentPrefixes : node.prefixes).push(route);
  }

  visit(path: string, visitor: RouteVisitor): void {
    let node: Node | undefined = this.#root;
    let at = 0;
    while (node !== undefined && path.startsWith(node.label, at)) {
      at += node.label.length;
      const isSegmentEnd = at === path.length || path.charCodeAt(at) === SLASH;
      visitAll(node.prefixes, visitor);
      if (isSegmentEnd) visitAll(node.segmentPrefixes, visitor);
      node = node.children.get(path.charCodeAt(at));
    }
  }

  #nodeOf(prefix: string): Node {
    let node = this.#root;
    let at = 0;
    while (at < prefix.length) {
      const child = node.children.get(prefix.charCodeAt(at));
      if (child === undefined) return appended(node, prefix.slice(at));
      const common = commonLength(child.label, prefix, at);
      node = common < child.label.length ? split(node, child, common) : child;
      at += common;
    }
    return node;
  }
}

function appended(parent: Node, label: string): Node {
  const node = new Node(label);
  parent.children.set(label.charCodeAt(0), node);
  return node;
}

/** Puts a node between a child and its parent, where the first `length` characters of its label end. */
function split(parent: Node, child: Node, length: number): Node {
  const middle = appended(parent, child.label.slice(0, length));
  child.label = child.label.slice(length);
  middle.children.set(child.label.charCodeAt(0), child);
  return middle;
}

function commonLength(label: string, text: string, at: number): number {
  let length = 0;
  while (length < label.length && label.charCodeAt(length) === text.charCodeAt(at + length)) length++;
  return length;
}
