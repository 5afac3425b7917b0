/**
 * 64 bits as two numbers of 32, to compute with in place. JavaScript has no 64-bit integers but
 * BigInt, which costs ten times as much here.
 */
export class Word64 {
  hi: number;
  lo: number;

  constructor(hi: number, lo: number) {
    this.hi = hi | 0;
    this.lo = lo | 0;
  }

  copy(): Word64 {
    return new Word64(this.hi, this.lo);
  }

  add(hi: number, lo: number): this {
    const sum = (this.lo >>> 0) + (lo >>> 0);
    this.lo = sum | 0;
    this.hi = (this.hi + hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    return this;
  }

  multiply(hi: number, lo: number): this {
    const own = this.lo;
    this.hi = (upperProduct(own, lo) + Math.imul(this.hi, lo) + Math.imul(own, hi)) | 0;
    this.lo = Math.imul(own, lo);
    return this;
  }

  xor(hi: number, lo: number): this {
    this.hi ^= hi;
    this.lo ^= lo;
    return this;
  }

  /** By 1 to 31 bits. */
  rotateLeft(bits: number): this {
    const { hi, lo } = this;
    this.hi = (hi << bits) | (lo >>> (32 - bits));
    this.lo = (lo << bits) | (hi >>> (32 - bits));
    return this;
  }

  /** Xors itself with itself shifted right by 1 to 63 bits. */
  xorShiftRight(bits: number): this {
    const { hi, lo } = this;
    if (bits >= 32) return this.xor(0, hi >>> (bits - 32));
    return this.xor(hi >>> bits, (lo >>> bits) | (hi << (32 - bits)));
  }
}

/** The upper 32 bits of the product of two 32-bit numbers without sign. */
function upperProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + (middle >>> 16) + (other >>> 16);
}
