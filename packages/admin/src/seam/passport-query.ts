/** Which passports are wanted. */
export interface PassportQuery {
  /** The latest first, or the slowest first. */
  readonly order: 'recent' | 'slowest';
  /** How many at most. */
  readonly limit: number;
  /** What the path begins with. Absent: any path. */
  readonly path?: string | undefined;
  /** Of the response, ends included; `none` for requests without one. Absent: any, also none. */
  readonly status?: StatusRange | 'none' | undefined;
  /** Absent: any duration. */
  readonly minDurationMs?: number | undefined;
}

export interface StatusRange {
  readonly from: number;
  readonly to: number;
}
