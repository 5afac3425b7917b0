import type { MarkedFinding } from '../finding.ts';
import type { ConfigNode, MapEntry, MapNode } from './config-node.ts';
import type { ConfigPath } from './config-path.ts';

/** Puts what two files say together: maps key by key, lists one behind the other; nothing is said twice. */
export function mergeMaps(
  first: MapNode,
  second: MapNode,
  findings: MarkedFinding[],
  path: ConfigPath = [],
): MapNode {
  const entries = new Map<string, MapEntry>(first.entries);
  for (const [key, { key: mark, value }] of second.entries) {
    const earlier = first.entries.get(key);
    const merged = earlier ? mergeNodes(earlier, { key: mark, value }, findings, [...path, key]) : value;
    entries.set(key, { key: earlier?.key ?? mark, value: merged });
  }
  return { ...second, entries };
}

function mergeNodes(
  first: MapEntry,
  second: MapEntry,
  findings: MarkedFinding[],
  path: ConfigPath,
): ConfigNode {
  const [a, b] = [first.value, second.value];
  if (a.kind === 'map' && b.kind === 'map') return mergeMaps(a, b, findings, path);
  if (a.kind === 'list' && b.kind === 'list') return { ...b, items: [...a.items, ...b.items] };
  const { file, line } = first.key.position();
  findings.push({
    severity: 'error',
    path,
    mark: second.key,
    message: `found this a second time; it is set in ${file}, line ${line}`,
  });
  return a;
}
