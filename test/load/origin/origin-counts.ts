/** What the origin has seen. */
export type OriginCounts = {
  /** Connections that are open now. */
  open: number;
  /** Requests whose head came in. */
  requests: number;
  /** Requests with a body that was complete and right. */
  wholeBodies: number;
  /** Requests that were complete with a body other than that which was due: descriptions of the first few. */
  wrongBodies: readonly string[];
  /** POSTs that came in whole more than once: their tokens, the first few. */
  doubledPosts: readonly number[];
  /** Bytes that the kernel took from streams (`/stream/…`), and gave of bodies that nobody reads (`/stall`). */
  streamedBytes: number;
};

/** What the origin can be asked for: its counts, or to end all its connections first. */
export type OriginQuestion = { ask: 'counts' | 'close' } | { ask: 'close-idle-after'; ms: number };
