import type { ConfigPath } from './config-path.ts';
import type { Mark } from './source-file.ts';

/** A value of a configuration file with its place, after aliases, substitution and includes. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

export type Scalar = string | number | boolean | null;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly mark: Mark;
  readonly value: Scalar;
  /** It held `${…}`: it is text that becomes a number or a boolean where one is expected. */
  readonly isSubstituted: boolean;
  /** What of it came from files of their own: it is shown nowhere. */
  readonly secrets: readonly string[];
}

export interface ListNode {
  readonly kind: 'list';
  readonly mark: Mark;
  readonly items: readonly ConfigNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly mark: Mark;
  readonly entries: ReadonlyMap<string, MapEntry>;
}

export interface MapEntry {
  readonly key: Mark;
  readonly value: ConfigNode;
}

/** The node as plain data. */
export function plainValue(node: ConfigNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainValue);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainValue(value)]));
}

/** The node at the end of a path, or the last one on the way that is there. */
export function nearestNode(root: ConfigNode, path: ConfigPath): { node: ConfigNode; isExact: boolean } {
  let node = root;
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) return { node, isExact: false };
    node = next;
  }
  return { node, isExact: true };
}

/** The node at the end of a path; undefined when there is none. */
export function nodeAt(root: ConfigNode, path: ConfigPath): ConfigNode | undefined {
  const { node, isExact } = nearestNode(root, path);
  return isExact ? node : undefined;
}

function childOf(node: ConfigNode, step: string | number): ConfigNode | undefined {
  if (node.kind === 'list') return typeof step === 'number' ? node.items[step] : undefined;
  return node.kind === 'map' ? node.entries.get(String(step))?.value : undefined;
}

/** All single values within a node, with their paths. */
export function scalarsOf(
  node: ConfigNode,
  path: ConfigPath = [],
): readonly { node: ScalarNode; path: ConfigPath }[] {
  if (node.kind === 'scalar') return [{ node, path }];
  if (node.kind === 'list') return node.items.flatMap((item, index) => scalarsOf(item, [...path, index]));
  return [...node.entries].flatMap(([key, { value }]) => scalarsOf(value, [...path, key]));
}
