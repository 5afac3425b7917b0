export type SlowSettings = {
  /** Slow connections at any time, shared out among the kinds. */
  connections: number;
  /** Pause between two bytes. */
  everyMs: number;
  /** How long slow connections that ended are replaced by others. */
  windowMs: number;
  /** Normal requests, per second. */
  ratePerSecond: number;
  /** How long normal traffic is measured alone before. */
  baseMs: number;
  /** In the place of the deadlines' defaults; absent: those. */
  deadlineMs?: number;
  /** Whether bounds on times are applied. */
  isTimed: boolean;
};

export const SLOW_LONG: SlowSettings = {
  connections: 2_000,
  everyMs: 2_000,
  windowMs: 45_000,
  ratePerSecond: 500,
  baseMs: 15_000,
  isTimed: true,
};

export const SLOW_SHORT: SlowSettings = {
  connections: 200,
  everyMs: 100,
  windowMs: 2_000,
  ratePerSecond: 200,
  baseMs: 500,
  deadlineMs: 2_000,
  isTimed: false,
};
