import type { ConfigPath } from '../source/config-path.ts';

/** A copy of plain data in which every single value is what `change` makes of it. Keys without a value are left out. */
export function mapLeaves(
  value: unknown,
  change: (leaf: unknown, path: ConfigPath) => unknown,
  path: ConfigPath = [],
): unknown {
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return value.map((item, index) => mapLeaves(item, change, [...path, index]));
  if (typeof value !== 'object' || value === null) return change(value, path);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, mapLeaves(each, change, [...path, key])]));
}
