import type { z } from 'zod';
import type { ConfigPath } from '../source/config-path.ts';

type Issue = z.core.$ZodIssue;

/**
 * Puts numbers and booleans into the data where a schema expects them and `${…}` has left text that
 * reads as one. Returns whether there was any.
 */
export function convertSubstituted(
  data: unknown,
  issues: readonly Issue[],
  isSubstituted: (path: ConfigPath) => boolean,
  at: ConfigPath = [],
): boolean {
  let isChanged = false;
  for (const issue of issues) {
    const path = [...at, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
    if (issue.code === 'invalid_union') {
      for (const branch of issue.errors)
        isChanged = convertSubstituted(data, branch, isSubstituted, path) || isChanged;
    } else if (issue.code === 'invalid_type' && isSubstituted(path)) {
      isChanged = convertAt(data, path, issue.expected) || isChanged;
    }
  }
  return isChanged;
}

function convertAt(data: unknown, path: ConfigPath, expected: string): boolean {
  const key = path.at(-1);
  if (key === undefined) return false;
  let parent = data as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) parent = parent[step] as Record<string | number, unknown>;
  const text = parent[key];
  const value = typeof text === 'string' ? read(text.trim(), expected) : undefined;
  if (value === undefined) return false;
  parent[key] = value;
  return true;
}

const NUMBER = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/;

function read(text: string, expected: string): number | boolean | undefined {
  if (expected === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  return (expected === 'number' || expected === 'int') && NUMBER.test(text) ? Number(text) : undefined;
}
