/** How many tokens a bucket holds, and how fast it fills. */
export interface BucketSize {
  readonly maxTokens: number;
  readonly tokensPerMs: number;
}

/** So many requests at once, and then as many as tokens come back; they come evenly over time. */
export class TokenBucket {
  readonly #size: BucketSize;
  #tokens: number;
  #at: number;

  /** Full at the time `now`, in ms. */
  constructor(size: BucketSize, now: number) {
    this.#size = size;
    this.#tokens = size.maxTokens;
    this.#at = now;
  }

  /** Takes a token; false when there is none. */
  take(now: number): boolean {
    this.#refill(now);
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }

  /** Whole tokens that were left when one was last asked for. */
  get remaining(): number {
    return Math.floor(this.#tokens);
  }

  /** From when one was last asked for until there are so many, in ms. */
  msUntil(tokens: number): number {
    return Math.max(0, (tokens - this.#tokens) / this.#size.tokensPerMs);
  }

  #refill(now: number): void {
    const { maxTokens, tokensPerMs } = this.#size;
    this.#tokens = Math.min(maxTokens, this.#tokens + (now - this.#at) * tokensPerMs);
    this.#at = now;
  }
}
