import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Hash64, xxHash64, xxHash64OfText } from '@sluice/load-balancing';

const MASK = 2n ** 64n - 1n;
const [P1, P2, P3, P4, P5] = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;

describe('xxHash64', () => {
  it.each([
    ['', 0, 'ef46db3751d8e999'],
    ['a', 0, 'd24ec4f1a98c6e5b'],
    ['abc', 0, '44bc2cf5ad770999'],
    ['foo', 0, '33bf00a859c4ba3f'],
    ['xxhash', 20_141_025, 'b559b98d844e0635'],
    ['Nobody inspects the spammish repetition', 0, 'fbcea83c8a378bf1'],
  ])('of %j with seed %i is %s', (text, seed, expected) => {
    expect(String(xxHash64OfText(text, seed))).toBe(expected);
  });

  it('is the same as computed in whole 64-bit integers, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), (bytes, seed) => {
        const expected = reference(Buffer.from(bytes), BigInt(seed));

        expect(String(xxHash64(Buffer.from(bytes), seed))).toBe(expected.toString(16).padStart(16, '0'));
      }),
    );
  });
});

describe('Hash64', () => {
  const anyHash = fc.tuple(fc.bigInt(0n, 2n ** 32n - 1n), fc.bigInt(0n, 2n ** 32n - 1n));

  it('has the remainder and the order of its 64 bits', () => {
    fc.assert(
      fc.property(anyHash, fc.integer({ min: 1, max: 2 ** 21 - 1 }), ([hi, lo], divisor) => {
        const hash = new Hash64(Number(hi), Number(lo));
        const whole = (hi << 32n) | lo;

        expect(hash.mod(divisor)).toBe(Number(whole % BigInt(divisor)));
        expect(hash.order).toBe(Number(whole >> 11n));
      }),
    );
  });

  it('combines with another by a rotation and an exclusive or', () => {
    fc.assert(
      fc.property(anyHash, anyHash, ([hi, lo], [otherHi, otherLo]) => {
        const whole = (hi << 32n) | lo;
        const expected = rotate(whole, 1n) ^ ((otherHi << 32n) | otherLo);
        const combined = new Hash64(Number(hi), Number(lo)).combinedWith(
          new Hash64(Number(otherHi), Number(otherLo)),
        );

        expect(String(combined)).toBe(expected.toString(16).padStart(16, '0'));
      }),
    );
  });
});

/** XXH64 in BigInt, by its specification. */
function reference(bytes: Buffer, seed: bigint): bigint {
  let at = 0;
  let hash = (seed + P5) & MASK;
  if (bytes.length >= 32) {
    const lanes = [seed + P1 + P2, seed + P2, seed, seed - P1].map((lane) => lane & MASK);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let lane = 0; lane < 4; lane++) {
        lanes[lane] = round(lanes[lane] ?? 0n, bytes.readBigUInt64LE(at + 8 * lane));
      }
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = lanes.reduce((sum, lane, index) => sum + rotate(lane, turns[index] ?? 0n), 0n) & MASK;
    for (const lane of lanes) hash = ((hash ^ round(0n, lane)) * P1 + P4) & MASK;
  }
  hash = (hash + BigInt(bytes.length)) & MASK;
  for (; at + 8 <= bytes.length; at += 8) {
    hash = (rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * P1 + P4) & MASK;
  }
  for (; at + 4 <= bytes.length; at += 4) {
    hash ^= (BigInt(bytes.readUInt32LE(at)) * P1) & MASK;
    hash = (rotate(hash, 23n) * P2 + P3) & MASK;
  }
  for (; at < bytes.length; at++) {
    hash ^= (BigInt(bytes.readUInt8(at)) * P5) & MASK;
    hash = (rotate(hash, 11n) * P1) & MASK;
  }
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

function round(lane: bigint, word: bigint): bigint {
  return (rotate((lane + word * P2) & MASK, 31n) * P1) & MASK;
}

function rotate(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}
