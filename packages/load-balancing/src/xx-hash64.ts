import { Hash64 } from './hash64.ts';
import { Word64 } from './word64.ts';

// The primes of XXH64, as upper and lower halves.
const P1H = 0x9e37_79b1;
const P1L = 0x85eb_ca87;
const P2H = 0xc2b2_ae3d;
const P2L = 0x27d4_eb4f;
const P3H = 0x1656_67b1;
const P3L = 0x9e37_79f9;
const P4H = 0x85eb_ca77;
const P4L = 0xc2b2_ae63;
const P5H = 0x27d4_eb2f;
const P5L = 0x1656_67c5;

const STRIPE_BYTES = 32;

/** XXH64 of some bytes. The seed has 32 bits here. */
export function xxHash64(bytes: Buffer, seed = 0): Hash64 {
  const { length } = bytes;
  const isLong = length >= STRIPE_BYTES;
  const hash = isLong ? hashOfStripes(bytes, seed) : new Word64(0, seed).add(P5H, P5L);
  hash.add(0, length);
  addRest(hash, bytes, isLong ? length - (length % STRIPE_BYTES) : 0);
  hash.xorShiftRight(33).multiply(P2H, P2L);
  hash.xorShiftRight(29).multiply(P3H, P3L);
  hash.xorShiftRight(32);
  return new Hash64(hash.hi, hash.lo);
}

/** XXH64 of a text whose characters stand for single bytes, as those of a header do. */
export function xxHash64OfText(text: string, seed = 0): Hash64 {
  return xxHash64(Buffer.from(text, 'latin1'), seed);
}

function hashOfStripes(bytes: Buffer, seed: number): Word64 {
  const one = new Word64(0, seed).add(P1H, P1L).add(P2H, P2L);
  const two = new Word64(0, seed).add(P2H, P2L);
  const three = new Word64(0, seed);
  const four = new Word64(0, seed).add(~P1H, ~P1L).add(0, 1);
  for (let at = 0; at + STRIPE_BYTES <= bytes.length; at += STRIPE_BYTES) {
    round(one, bytes, at);
    round(two, bytes, at + 8);
    round(three, bytes, at + 16);
    round(four, bytes, at + 24);
  }
  const hash = one.copy().rotateLeft(1);
  addWord(hash, two.copy().rotateLeft(7));
  addWord(hash, three.copy().rotateLeft(12));
  addWord(hash, four.copy().rotateLeft(18));
  for (const lane of [one, two, three, four]) mergeLane(hash, lane);
  return hash;
}

function round(lane: Word64, bytes: Buffer, at: number): void {
  addWord(lane, wordAt(bytes, at).multiply(P2H, P2L));
  lane.rotateLeft(31).multiply(P1H, P1L);
}

function mergeLane(hash: Word64, lane: Word64): void {
  const mixed = lane.multiply(P2H, P2L).rotateLeft(31).multiply(P1H, P1L);
  hash.xor(mixed.hi, mixed.lo).multiply(P1H, P1L).add(P4H, P4L);
}

function addRest(hash: Word64, bytes: Buffer, from: number): void {
  let at = from;
  for (; at + 8 <= bytes.length; at += 8) {
    const word = wordAt(bytes, at).multiply(P2H, P2L).rotateLeft(31).multiply(P1H, P1L);
    hash.xor(word.hi, word.lo).rotateLeft(27).multiply(P1H, P1L).add(P4H, P4L);
  }
  if (at + 4 <= bytes.length) {
    const word = new Word64(0, bytes.readInt32LE(at)).multiply(P1H, P1L);
    hash.xor(word.hi, word.lo).rotateLeft(23).multiply(P2H, P2L).add(P3H, P3L);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    const word = new Word64(0, bytes[at] ?? 0).multiply(P5H, P5L);
    hash.xor(word.hi, word.lo).rotateLeft(11).multiply(P1H, P1L);
  }
}

function addWord(to: Word64, word: Word64): void {
  to.add(word.hi, word.lo);
}

function wordAt(bytes: Buffer, at: number): Word64 {
  return new Word64(bytes.readInt32LE(at + 4), bytes.readInt32LE(at));
}
