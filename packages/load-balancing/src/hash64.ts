const BITS_32 = 2 ** 32;
/** Of the lower half, so many bits make 53 together with the upper one: what a number holds exactly. */
const LOWER_BITS = 21;

/** A hash of 64 bits, by which the same host is found again. */
export class Hash64 {
  readonly #hi: number;
  readonly #lo: number;

  /** The upper and the lower 32 bits. */
  constructor(hi: number, lo: number) {
    this.#hi = hi >>> 0;
    this.#lo = lo >>> 0;
  }

  /** Its upper 53 bits: hashes in the order of their values. */
  get order(): number {
    return this.#hi * 2 ** LOWER_BITS + (this.#lo >>> (32 - LOWER_BITS));
  }

  /** The remainder of the whole 64 bits; `divisor` is below 2^21. */
  mod(divisor: number): number {
    return ((this.#hi % divisor) * (BITS_32 % divisor) + this.#lo) % divisor;
  }

  /** One hash of two: the order counts. */
  combinedWith(next: Hash64): Hash64 {
    const hi = (this.#hi << 1) | (this.#lo >>> 31);
    const lo = (this.#lo << 1) | (this.#hi >>> 31);
    return new Hash64(hi ^ next.#hi, lo ^ next.#lo);
  }

  /** Another hash for each number: where to look when the first host won't do. */
  derived(attempt: number): Hash64 {
    return new Hash64(this.#hi ^ Math.imul(attempt, 0x9e37_79b1), this.#lo ^ Math.imul(attempt, 0x85eb_ca77));
  }

  toString(): string {
    return this.#hi.toString(16).padStart(8, '0') + this.#lo.toString(16).padStart(8, '0');
  }
}
