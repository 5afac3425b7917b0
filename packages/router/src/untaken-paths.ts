import { isAmbiguous, normalizePath, readingsOf } from './match/path-readings.ts';
import type { AmbiguousPaths } from './match/path-readings.ts';
import type { PathMatcher } from './match/path-matcher.ts';
import { show } from './schema/problem.ts';
import type { VirtualHost } from './virtual-host.ts';

const LAST_DOTS = /\/\.{1,2}$/;

/**
 * Problems with declared paths that no request can take: each is refused, for it may be read in another way, or
 * comes in a normal form that the declared one is not. Expressions are not looked at.
 */
export function untakenPaths(
  hosts: readonly VirtualHost[],
  ambiguousPaths: AmbiguousPaths,
): readonly string[] {
  if (ambiguousPaths === 'keep') return [];
  return hosts.flatMap(({ routes }) =>
    routes.flatMap(({ path, place }) => {
      const other = otherReading(path, ambiguousPaths === 'normalize');
      if (other === undefined) return [];
      return [
        `${place}: expected a path that servers read in one way, or ambiguousPaths: keep, found ${show(path.text)}, which may be ${show(other)}`,
      ];
    }),
  );
}

/** The first reading of the path that the route does not match. */
function otherReading(path: PathMatcher, isNormalized: boolean): string | undefined {
  const sample = sampleOf(path);
  if (sample === undefined || !isAmbiguous(sample)) return undefined;
  const readings = isNormalized ? [normalizePath(sample)] : [];
  return [...readings, ...readingsOf(sample)].find((reading) => !path.matches(reading));
}

function sampleOf({ kind, text, template }: PathMatcher): string | undefined {
  if (kind === 'regex') return undefined;
  // A prefix `/.` is for `/.well-known` too.
  if (kind === 'prefix') return LAST_DOTS.test(text) ? `${text}x` : text;
  if (template === undefined) return text;
  return `/${template.segments.map(({ kind, text }) => (kind === 'literal' ? text : 'x')).join('/')}`;
}
