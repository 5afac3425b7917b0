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

  /** `names`: in lower case. */
  constructor(names: Iterable<string>) {
    for (const name of names) (this.#byLength[name.length] ??= []).push(name);
  }

  /** Whether the octets from `start` to `end` spell one of the names. */
  hasOctets(bytes: Uint8Array, start: number, end: number): boolean {
    const candidates = this.#byLength[end - start];
    if (candidates === undefined) return false;
    return candidates.some((name) => {
      for (let i = 0; i < name.length; i++) {
        if (fold(bytes[start + i] ?? 0) !== name.charCodeAt(i)) return false;
      }
      return true;
    });
  }

  has(name: string): boolean {
    const candidates = this.#byLength[name.length];
    if (candidates === undefined) return false;
    return candidates.includes(name.toLowerCase().replaceAll(/[_.]/g, '-'));
  }
}

function fold(octet: number): number {
  return octet === UNDERSCORE || octet === DOT ? HYPHEN : (LOWER[octet] ?? 0);
}
