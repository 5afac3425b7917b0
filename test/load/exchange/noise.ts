const NOISE_BYTES = 4 * 1_048_576;
const SEED = 0x9e3779b9;
const HASH_FACTOR = 0x9e3779b1;

/** Largest body that can be made. */
export const MAX_BODY_BYTES = 2 * 1_048_576;
/** Bytes of a body that spell its token. */
const TOKEN_BYTES = 12;

/** Bytes without a pattern, the same in every process. */
const NOISE = makeNoise();

/**
 * The pieces of the body that belongs to a token and no other: the token, then noise from a place that it decides. What
 * is lost, doubled, moved or taken from another body differs from it.
 */
export function bodyOf(token: number, bytes: number): Buffer[] {
  const spelled = spell(token);
  if (bytes <= TOKEN_BYTES) return [spelled.subarray(0, bytes)];
  const start = noiseStart(token);
  return [spelled, NOISE.subarray(start + TOKEN_BYTES, start + bytes)];
}

/** Compares a body, piece by piece, with that which belongs to the token. */
export class BodyCheck {
  readonly #token: number;
  readonly #bytes: number;
  #at = 0;
  #isWrong = false;

  constructor(token: number, bytes: number) {
    this.#token = token;
    this.#bytes = bytes;
  }

  /** Whether all that came was right and no more is due. */
  get isWhole(): boolean {
    return !this.#isWrong && this.#at === this.#bytes;
  }

  /** Whether all that came was right, though more may be due. */
  get isRightSoFar(): boolean {
    return !this.#isWrong && this.#at <= this.#bytes;
  }

  push(piece: Buffer): void {
    const spelled = Math.max(0, Math.min(TOKEN_BYTES - this.#at, piece.length));
    if (spelled > 0) {
      const due = spell(this.#token).subarray(this.#at, this.#at + spelled);
      this.#isWrong ||= !due.equals(piece.subarray(0, spelled));
    }
    const start = noiseStart(this.#token) + this.#at;
    const isEqual = piece.compare(NOISE, start + spelled, start + piece.length, spelled) === 0;
    this.#isWrong ||= !isEqual;
    this.#at += piece.length;
    this.#isWrong ||= this.#at > this.#bytes;
  }
}

function spell(token: number): Buffer {
  return Buffer.from(String(token).padStart(TOKEN_BYTES, '.'), 'latin1');
}

function noiseStart(token: number): number {
  return (Math.imul(token, HASH_FACTOR) >>> 0) % (NOISE_BYTES - MAX_BODY_BYTES);
}

/** Marsaglia's xorshift32. */
function makeNoise(): Buffer {
  const words = new Uint32Array(NOISE_BYTES / 4);
  let state = SEED;
  for (let at = 0; at < words.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[at] = state;
  }
  return Buffer.from(words.buffer);
}
