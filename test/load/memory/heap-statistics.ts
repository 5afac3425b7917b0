import { readFileSync } from 'node:fs';

type Snapshot = {
  snapshot: { meta: { node_fields: string[]; node_types: [string[], ...unknown[]] } };
  nodes: number[];
  strings: string[];
};

/** Objects of one kind in a heap snapshot. */
export type HeapShare = { kind: string; count: number; bytes: number };

/**
 * Sums a heap snapshot up by constructor: shallow sizes, so that all of them together are the heap. A file of more than
 * 512 MB can't be read.
 */
export function heapShares(file: string): Map<string, HeapShare> {
  const { snapshot, nodes, strings } = JSON.parse(readFileSync(file, 'utf8')) as Snapshot;
  const { node_fields: fields, node_types: types } = snapshot.meta;
  const [type, name, size] = ['type', 'name', 'self_size'].map((field) => fields.indexOf(field));
  const shares = new Map<string, HeapShare>();
  for (let at = 0; at < nodes.length; at += fields.length) {
    const field = (index = 0): number => nodes[at + index] ?? 0;
    const kind = kindOf(types[0][field(type)] ?? '', strings[field(name)] ?? '');
    const share = shares.get(kind) ?? { kind, count: 0, bytes: 0 };
    share.count += 1;
    share.bytes += field(size);
    shares.set(kind, share);
  }
  return shares;
}

/** What is in `after` and was not in `before`, for each of `connections`; the largest first. */
export function growthPerConnection(
  before: ReadonlyMap<string, HeapShare>,
  after: ReadonlyMap<string, HeapShare>,
  connections: number,
): HeapShare[] {
  return [...after.values()]
    .map(({ kind, count, bytes }) => ({
      kind,
      count: (count - (before.get(kind)?.count ?? 0)) / connections,
      bytes: (bytes - (before.get(kind)?.bytes ?? 0)) / connections,
    }))
    .filter(({ bytes }) => bytes >= 1)
    .toSorted((a, b) => b.bytes - a.bytes);
}

function kindOf(type: string, name: string): string {
  if (type === 'object') return name;
  if (type === 'closure') return 'functions';
  if (type.includes('string')) return 'strings';
  if (type === 'number') return 'heap numbers';
  if (type === 'array') return `arrays: ${name === '' ? 'tables' : name}`;
  return `${type}: ${name.slice(0, 40)}`;
}
