export type SoakSettings = {
  /** Clients, each with one exchange under way. */
  clients: number;
  /** Of each client between two exchanges; 0 is full load. */
  pauseMs: number;
  durationMs: number;
  /** Part of the answers that the origin does wrong. */
  faultShare: number;
  /** Pause between readings of memory. */
  readEveryMs: number;
  seed: number;
};

export const SOAK_LONG: SoakSettings = {
  clients: 64,
  pauseMs: 0,
  durationMs: 600_000,
  faultShare: 0.01,
  readEveryMs: 8_000,
  seed: 7,
};

export const SOAK_SHORT: SoakSettings = {
  clients: 24,
  pauseMs: 0,
  durationMs: 6_000,
  faultShare: 0.05,
  readEveryMs: 2_000,
  seed: 7,
};
