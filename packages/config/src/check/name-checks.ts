import { nearest } from '@sluice/core';
import { formatPath } from '../source/config-path.ts';
import type { ConfigPath } from '../source/config-path.ts';
import type { CheckFinding } from './check.ts';

/** A name, and where it stands. */
export interface NamedPlace {
  readonly name: string;
  readonly path: ConfigPath;
  /** Whether it is a key. Default: a value. */
  readonly isAtKey?: boolean;
}

/** An error for each name that an earlier one of the same `what` has. */
export function duplicateNames(what: string, places: readonly NamedPlace[]): readonly CheckFinding[] {
  const first = new Map<string, ConfigPath>();
  return places.flatMap(({ name, path }) => {
    const earlier = first.get(name);
    if (earlier === undefined) first.set(name, path);
    const message = `found a second ${what} "${name}"; the first is ${formatPath(earlier ?? [])}.`;
    return earlier === undefined ? [] : [{ severity: 'error' as const, path, message }];
  });
}

/** An error for each name that is not among the known ones, with the nearest. */
export function unknownNames(
  what: string,
  places: readonly NamedPlace[],
  known: readonly string[],
): readonly CheckFinding[] {
  return places
    .filter(({ name }) => !known.includes(name))
    .map(({ name, path, isAtKey = false }) => {
      const hint = known.length === 0 ? ` There is none.` : nearest(name, known);
      return {
        severity: 'error' as const,
        path,
        isAtKey,
        message: `found the ${what} "${name}", which is not declared.${hint}`,
        ofSecret: `found a secret, which is no ${what} that is declared.`,
      };
    });
}
