/**
 * What to do with a path that servers read in different ways:
 * - `refuse`: 400 when another reading of the path would take another route, or the route rewrites the path;
 * - `normalize`: the path is put into normal form, routed and forwarded so; then as `refuse`;
 * - `keep`: routed and forwarded as it came.
 */
export type AmbiguousPaths = 'refuse' | 'normalize' | 'keep';

// A dot segment, an empty segment, a path parameter, or an encoded octet that some servers decode
// before they compare: unreserved characters (RFC 3986 §2.3), slash and backslash.
const AMBIGUOUS = /\/[./]|;|%(?:2[DEF]|3\d|[46][1-9A-F]|[57][\dA]|5[CF]|7E)/i;
const UNRESERVED = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/gi;
const ENCODED_SLASH = /%(?:2F|5C)/gi;
const PATH_PARAMETER = /;[^/]*/g;
const DOT_SEGMENT = /(?:\/|%2F|%5C)(?:\.|%2E){1,2}(?:$|\/|;|%2F|%5C)/i;

/** Whether servers may read the path in different ways. Most paths are plain; this is a quick look. */
export function isAmbiguous(path: string): boolean {
  return AMBIGUOUS.test(path);
}

/** Whether some reading of the path has `.` or `..` as a segment. */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}

/** The normal form of RFC 3986 §6.2.2, with slashes merged: unreserved characters plain, no dot segments. */
export function normalizePath(path: string): string {
  return withoutDotSegments(mergeSlashes(decodeUnreserved(path)));
}

/** The other ways to read the path: with and without empty segments, parameters and encoded slashes. */
export function readingsOf(path: string): readonly string[] {
  const plain = decodeUnreserved(path);
  const readings = new Set([plain, withoutDotSegments(plain)]);
  for (const strip of [same, stripParameters]) {
    for (const decode of [same, decodeSlashes]) {
      for (const merge of [same, mergeSlashes]) {
        const reading = merge(decode(strip(plain)));
        readings.add(reading).add(withoutDotSegments(reading));
      }
    }
  }
  readings.delete(path);
  return [...readings];
}

function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split('/').slice(1);
  for (const [at, segment] of segments.entries()) {
    const isLast = at === segments.length - 1;
    if (segment === '..') kept.pop();
    if (segment !== '.' && segment !== '..') kept.push(segment);
    else if (isLast) kept.push('');
  }
  return `/${kept.join('/')}`;
}

function decodeUnreserved(path: string): string {
  return path.replaceAll(UNRESERVED, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));
}

function mergeSlashes(path: string): string {
  return path.replaceAll(/\/{2,}/g, '/');
}

function decodeSlashes(path: string): string {
  return path.replaceAll(ENCODED_SLASH, '/');
}

function stripParameters(path: string): string {
  return path.replaceAll(PATH_PARAMETER, '');
}

function same(path: string): string {
  return path;
}
