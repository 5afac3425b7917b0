import type { Passport } from '@sluice/passport';

/** What is kept of a request that is over: the passport itself, and a few fields to find it by. */
export interface PassportRecord {
  readonly passport: Passport;
  /** Since the passport's start. */
  readonly startNs: number;
  /** Since the passport's start. */
  readonly endNs: number;
  readonly durationMs: number;
  readonly method: string;
  readonly path: string;
  readonly status: number | undefined;
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly route: string | undefined;
  readonly origin: string | undefined;
  readonly upstreamHost: string | undefined;
  readonly upstreamAttempts: number | undefined;
  readonly responseFlags: string | undefined;
}
