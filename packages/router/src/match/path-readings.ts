/**
 * What to do with a path that servers read in different ways:
 * - `refuse`: 400 when another reading of the path would take another route, or the route rewrites the path;
 * - `normalize`: the path is put into normal form, routed and forwarded so; then as `refuse`;
 * - `keep`: routed and forwarded as it came.
 */
export type AmbiguousPaths = 'refuse' | 'normalize' | 'keep';

// A dot segment, an empty segment, a path parameter, an encoded octet that could stand plain, as which
// some servers read it (also slash and backslash), or hex digits in lower case.
const AMBIGUOUS = /\/[./]|;|%(?:2[1246-9A-F]|3[\dA-E]|[4-6][\dA-F]|7[\dA-E]|[\dA-F]?[a-f])/;
const ENCODED = /%[\dA-F]{2}/gi;
const UNRESERVED = /%(?:2[DE]|3\d|[46][1-9A-F]|[57][\dA]|5F|7E)/g;
// What a request line takes before the query, without what is unreserved, `%` and the slashes.
const RESERVED = /%(?:2[1246-9A-C]|3[A-E]|40|5[BDE]|60|7[B-D])/g;
const ENCODED_SLASH = /%(?:2F|5C)/g;
const PATH_PARAMETER = /;[^/]*/g;
const DOT_SEGMENT = /(?:\/|%2F|%5C)(?:\.|%2E){1,2}(?:$|\/|;|%2F|%3B|%5C)/i;

/** Whether servers may read the path in different ways. Most paths are plain; this is a quick look. */
export function isAmbiguous(path: string): boolean {
  return AMBIGUOUS.test(path);
}

/** The path with hex digits in upper case, which are one with those in lower case (RFC 3986 §6.2.2.1). */
export function upperHex(path: string): string {
  return path.includes('%') ? path.replaceAll(ENCODED, (encoded) => encoded.toUpperCase()) : path;
}

/** Whether some reading of the path has `.` or `..` as a segment. */
export function hasDotSegment(path: string): boolean {
  return DOT_SEGMENT.test(path);
}

/**
 * The normal form of RFC 3986 §6.2.2, with slashes merged: hex digits in upper case, unreserved characters
 * plain, no dot segments.
 */
export function normalizePath(path: string): string {
  return withoutDotSegments(mergeSlashes(decode(upperHex(path), UNRESERVED)));
}

/**
 * The other ways to read the path: with and without empty segments, parameters, encoded slashes, and other
 * reserved characters that are encoded. Their hex digits are in upper case.
 */
export function readingsOf(path: string): readonly string[] {
  const compared = upperHex(path);
  const plain = decode(compared, UNRESERVED);
  const readings = new Set<string>();
  // Mostly the two are one.
  for (const text of new Set([plain, decode(plain, RESERVED)])) addReadings(text, readings);
  readings.delete(compared);
  return [...readings];
}

function addReadings(text: string, readings: Set<string>): void {
  for (const strip of [same, stripParameters]) {
    for (const decodeSlash of [same, decodeSlashes]) {
      for (const merge of [same, mergeSlashes]) {
        const reading = merge(decodeSlash(strip(text)));
        readings.add(reading).add(withoutDotSegments(reading));
      }
    }
  }
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

function decode(path: string, octets: RegExp): string {
  return path.replaceAll(octets, (encoded) => String.fromCharCode(Number.parseInt(encoded.slice(1), 16)));
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
