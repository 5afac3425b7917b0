import { HTAB, SP } from './octets.ts';

/** Removes optional white space (RFC 9110 §5.6.3): SP and HTAB alone, unlike `String.prototype.trim`. */
export function trimWhitespace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isWhitespace(text.charCodeAt(start))) start++;
  while (end > start && isWhitespace(text.charCodeAt(end - 1))) end--;
  return end - start === text.length ? text : text.slice(start, end);
}

function isWhitespace(code: number): boolean {
  return code === SP || code === HTAB;
}
