import type { OriginCounts } from './origin-counts.ts';

const SHOWN = 10;

/** Keeps what the origin has seen, by token where that matters, in a few bits for each. */
export class Ledger {
  requests = 0;
  wholeBodies = 0;
  streamedBytes = 0;
  readonly #wrongBodies: string[] = [];
  readonly #doubledPosts: number[] = [];
  #postsSeen = new Uint8Array(1024);

  /** Notes that a POST came in whole. */
  post(token: number, isRight: boolean): void {
    if (isRight) this.wholeBodies += 1;
    else if (this.#wrongBodies.length < SHOWN)
      this.#wrongBodies.push(`the body of request ${token} is wrong`);
    if (this.#isSeen(token) && this.#doubledPosts.length < SHOWN) this.#doubledPosts.push(token);
  }

  counts(open: number): OriginCounts {
    const { requests, wholeBodies, streamedBytes } = this;
    return {
      open,
      requests,
      wholeBodies,
      streamedBytes,
      wrongBodies: this.#wrongBodies,
      doubledPosts: this.#doubledPosts,
    };
  }

  /** Whether the token was there before; notes that it is. */
  #isSeen(token: number): boolean {
    const at = token >> 3;
    const bit = 1 << (token & 7);
    if (at >= this.#postsSeen.length) {
      const larger = new Uint8Array(2 * (at + 1));
      larger.set(this.#postsSeen);
      this.#postsSeen = larger;
    }
    const byte = this.#postsSeen[at] ?? 0;
    this.#postsSeen[at] = byte | bit;
    return (byte & bit) !== 0;
  }
}
