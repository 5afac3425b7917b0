import { LOWER } from '../grammar/octets.ts';

const HYPHEN = 0x2d;
const DOT = 0x2e;
const UNDERSCORE = 0x5f;

/**
 * Field names to look for all at once, in any case; a `_` or `.` counts as a `-`, for some servers
 * take them for the same. A name is compared only with those of its own length.
 */
export class FieldNameSet {
  readonly #byLength: (string[] | undefined)[] = [];
  /** Marks the octets that a name begins with: most fields of a message are passed over by their first one. */
  readonly #first = new Uint8Array(256);

  /** `names`: in lower case. */
  constructor(names: Iterable<string>) {
    for (const name of names) {
      (this.#byLength[name.length] ??= []).push(name);
      for (let octet = 0; octet < 256; octet++)
        if (fold(octet) === name.charCodeAt(0)) this.#first[octet] = 1;
    }
  }

  /** Whether the octets from `start` to `end` spell one of the names. */
  hasOctets(bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#first[bytes[start] ?? 0] !== 1) return false;
    const candidates = this.#byLength[end - start];
    return candidates !== undefined && candidates.some((name) => spellsFolded(bytes, start, name));
  }

  has(name: string): boolean {
    const candidates = this.#byLength[name.length];
    if (candidates === undefined) return false;
    return candidates.includes(name.toLowerCase().replaceAll(/[_.]/g, '-'));
  }
}

function spellsFolded(bytes: Uint8Array, start: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    if (fold(bytes[start + i] ?? 0) !== name.charCodeAt(i)) return false;
  }
  return true;
}

function fold(octet: number): number {
  return octet === UNDERSCORE || octet === DOT ? HYPHEN : (LOWER[octet] ?? 0);
}
