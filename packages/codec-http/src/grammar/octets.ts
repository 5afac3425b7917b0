/** The octets that the rules of this package name. */
export const HTAB = 0x09;
export const LF = 0x0a;
export const CR = 0x0d;
export const SP = 0x20;
export const DQUOTE = 0x22;
export const ASTERISK = 0x2a;
export const COMMA = 0x2c;
export const SLASH = 0x2f;
export const COLON = 0x3a;
export const SEMICOLON = 0x3b;
export const EQUALS = 0x3d;
export const QUESTION = 0x3f;
export const BACKSLASH = 0x5c;
export const CLOSE_BRACKET = 0x5d;

/** Every octet, with A–Z mapped to a–z. */
export const LOWER: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet >= 0x41 && octet <= 0x5a ? octet + 0x20 : octet,
);

/** Marks the octets of a string as members of a set. */
export function octetSet(members: string): Uint8Array {
  const set = new Uint8Array(256);
  for (let i = 0; i < members.length; i++) set[members.charCodeAt(i)] = 1;
  return set;
}

const DIGITS = '0123456789';
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** 0 to 9. */
export const DIGIT_OCTETS: Uint8Array = octetSet(DIGITS);

/** RFC 9110 §5.6.2 tchar. */
export const TOKEN_OCTETS: Uint8Array = octetSet(`!#$%&'*+-.^_\`|~${DIGITS}${LETTERS}`);

/** Letters, digits, hyphen, dot, underscore and tilde: what a registered name may be made of here. */
export const HOST_OCTETS: Uint8Array = octetSet(`-._~${DIGITS}${LETTERS}`);

/** RFC 9110 §5.5 field-value octets: HTAB, SP, VCHAR and obs-text. */
export const VALUE_OCTETS: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet === HTAB || (octet >= SP && octet !== 0x7f) ? 1 : 0,
);

/** VCHAR without `#` (a fragment is never sent) and `\` (some servers take it for a slash). */
export const TARGET_OCTETS: Uint8Array = Uint8Array.from({ length: 256 }, (_, octet) =>
  octet > SP && octet < 0x7f && octet !== 0x23 && octet !== BACKSLASH ? 1 : 0,
);

/** Whether each character of `text` is in the set. A character above U+00FF is in none. */
export function consistsOf(text: string, set: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) if (set[text.charCodeAt(i)] !== 1) return false;
  return true;
}

/** RFC 9110 §5.6.2: one or more tchar. */
export function isToken(text: string): boolean {
  return text.length > 0 && consistsOf(text, TOKEN_OCTETS);
}

/** Whether the octets from `start` to `end` spell `lower`, which is in lower case, in any case. */
export function spells(bytes: Uint8Array, start: number, end: number, lower: string): boolean {
  if (end - start !== lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    if (LOWER[bytes[start + i] ?? 0] !== lower.charCodeAt(i)) return false;
  }
  return true;
}
