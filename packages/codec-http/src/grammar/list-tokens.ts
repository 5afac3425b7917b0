import { trimWhitespace } from './whitespace.ts';

/**
 * Calls `visit` for each element of a comma-separated list (RFC 9110 §5.6.1), without the white
 * space around it; empty elements are passed over. Stops when `visit` returns true.
 */
export function someListElement(list: string, visit: (element: string) => boolean): boolean {
  let start = 0;
  while (start <= list.length) {
    let comma = list.indexOf(',', start);
    if (comma === -1) comma = list.length;
    const element = trimWhitespace(list.slice(start, comma));
    if (element !== '' && visit(element)) return true;
    start = comma + 1;
  }
  return false;
}

/** Whether a comma-separated list has the token, which is in lower case. */
export function hasToken(list: string, lower: string): boolean {
  return someListElement(list, (element) => element.toLowerCase() === lower);
}
