// All but control characters, DEL, non-ASCII, quote and backslash.
const PLAIN = /^[ !#-[\]-~]*$/;
const PLAIN_WITHOUT_SPACE = /^[!#-[\]-~]*$/;
const NOT_PLAIN = /[^ !#-[\]-~]/g;
const ASCII = /^[ -~]*$/;
const NOT_ASCII = /[^ -~]/g;
const NOT_PLAIN_OR_SPACE = /[^!#-[\]-~]/g;

/**
 * Makes a value fit for a line of text: `"` and `\` get a backslash, and everything outside
 * 0x20..0x7E becomes `\x0a` or `\u20ac`. For a value that stands between quotes.
 */
export function escapeQuoted(value: string): string {
  return PLAIN.test(value) ? value : value.replaceAll(NOT_PLAIN, escapeForText);
}

/** As {@link escapeQuoted}, for a value that stands alone: a space becomes `\x20`, so that one value stays one column. */
export function escapeUnquoted(value: string): string {
  return PLAIN_WITHOUT_SPACE.test(value) ? value : value.replaceAll(NOT_PLAIN_OR_SPACE, escapeForText);
}

/** Makes JSON, which has its own escapes, fit for one line of ASCII: `\u20ac` for everything outside 0x20..0x7E (RFC 8259 §7). */
export function escapeJson(json: string): string {
  return ASCII.test(json) ? json : json.replaceAll(NOT_ASCII, escapeForJson);
}

function escapeForText(character: string): string {
  if (character === '"' || character === '\\') return `\\${character}`;
  const code = character.charCodeAt(0);
  return code > 0xff ? `\\u${hex(code, 4)}` : `\\x${hex(code, 2)}`;
}

function escapeForJson(character: string): string {
  return `\\u${hex(character.charCodeAt(0), 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
