import type { ConfigPath } from '../source/config-path.ts';

/** What stands in the place of a secret. */
export const MASK = '***';

/** A copy of a value in which every secret is `***`. What can't be written as data is left out or named by its class. */
export function maskSecrets(
  value: unknown,
  isSecret: (path: ConfigPath) => boolean,
  path: ConfigPath = [],
): unknown {
  if (value === undefined) return undefined;
  if (isSecret(path) && !holdsMore(value)) return MASK;
  if (Array.isArray(value)) return value.map((item, index) => maskSecrets(item, isSecret, [...path, index]));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return Object.fromEntries(entries.map(([key, each]) => [key, maskSecrets(each, isSecret, [...path, key])]));
}

function holdsMore(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
