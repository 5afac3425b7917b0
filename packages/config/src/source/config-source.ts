import type { MarkedFinding } from '../finding.ts';
import type { ConfigRecord } from './config-files.ts';
import { nearestNode, nodeAt, plainValue } from './config-node.ts';
import type { ConfigNode, MapNode } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';
import type { Mark } from './source-file.ts';

/** A configuration as it was read, before any schema: its values, where each of them stands, and what is wrong so far. */
export class ConfigSource {
  readonly root: MapNode;
  readonly findings: readonly MarkedFinding[];
  /** Absolute paths of all files that were read or looked for, with those of secrets. */
  readonly files: readonly string[];
  /** Absolute paths of what is included, some with `*` or `?` in their last part. */
  readonly patterns: readonly string[];
  /** What was read of them. */
  readonly record: ConfigRecord;

  constructor(
    root: MapNode,
    findings: readonly MarkedFinding[],
    { files, patterns, record }: Pick<ConfigSource, 'files' | 'patterns' | 'record'>,
  ) {
    this.root = root;
    this.findings = findings;
    this.files = files;
    this.patterns = patterns;
    this.record = record;
  }

  /** All values as plain data. */
  get plain(): unknown {
    return plainValue(this.root);
  }

  /** The value at the end of a path as plain data; undefined when there is none. */
  get(path: ConfigPath): unknown {
    const node = nodeAt(this.root, path);
    return node && plainValue(node);
  }

  /** Where the value at the end of a path stands, or what would hold it. */
  markAt(path: ConfigPath): Mark {
    return nearestNode(this.root, path).node.mark;
  }

  /** Where a key stands; where the value does that would hold it, when it is not there. */
  keyMarkAt(path: ConfigPath): Mark {
    const parent = nodeAt(this.root, path.slice(0, -1));
    const entry = parent?.kind === 'map' ? parent.entries.get(String(path.at(-1))) : undefined;
    return entry?.key ?? this.markAt(path);
  }

  /** Whether the value at the end of a path holds what came from a secret's file. */
  isSecret(path: ConfigPath): boolean {
    const { node, isExact } = nearestNode(this.root, path);
    // What a schema makes of a secret, as a list of a text, stands below it.
    return (isExact || node.kind === 'scalar') && holdsSecret(node);
  }
}

function holdsSecret(node: ConfigNode): boolean {
  if (node.kind === 'scalar') return node.secrets.length > 0;
  const children = node.kind === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value);
  return children.some(holdsSecret);
}
