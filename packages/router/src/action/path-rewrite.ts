import type { PathMatcher } from '../match/path-matcher.ts';

/** How a matched path is changed; one of them. */
export interface PathRewriteConfig {
  /** In the place of the exact path or prefix that matched. */
  readonly prefix?: string | undefined;
  /** The whole path; `{name}` stands for a parameter of the route's template. */
  readonly path?: string | undefined;
}

export type PathRewrite = (path: string) => string;

const PARAMETER = /\{(\w*)\}/;

/** The names that a new path uses, in their order. */
export function parametersOf(path: string): readonly string[] {
  return path.split(PARAMETER).filter((_part, at) => at % 2 === 1);
}

/** Undefined when the path stays as it is. A path that the route does not match is never changed. */
export function pathRewrite(
  { prefix, path }: PathRewriteConfig,
  matcher: PathMatcher,
): PathRewrite | undefined {
  if (prefix !== undefined) return prefixSwap(prefix, matcher);
  return path === undefined ? undefined : expansion(path, matcher);
}

function prefixSwap(prefix: string, matcher: PathMatcher): PathRewrite {
  const { length } = matcher.text;
  return (path) => {
    if (!matcher.matches(path)) return path;
    const rest = path.slice(length);
    // The slash between them stays one: `/api` → `/` makes `/x` of `/api/x`, `/` → `/v2` makes `/v2/x` of `/x`.
    if (prefix.endsWith('/') && rest.startsWith('/')) return prefix + rest.slice(1);
    const isGlued = matcher.text.endsWith('/') && rest !== '' && !prefix.endsWith('/');
    return isGlued ? `${prefix}/${rest}` : prefix + rest;
  };
}

function expansion(text: string, matcher: PathMatcher): PathRewrite {
  const parts = text.split(PARAMETER);
  if (parts.length === 1) return (path) => (matcher.matches(path) ? text : path);
  return (path) => {
    const values = matcher.template?.parameters(path);
    if (values === undefined) return path;
    return parts.map((part, at) => (at % 2 === 1 ? (values.get(part) ?? '') : part)).join('');
  };
}
