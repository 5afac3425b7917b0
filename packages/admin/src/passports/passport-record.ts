import type { Passport } from '@sluice/passport';

/** What is kept of a request that is over: the passport itself, and a few fields to find it by. */
export interface PassportRecord {
  readonly passport: Passport;
  /** Since the passport's start. */
  readonly startNs: number;
  /** Since the passport's start. */
  readonly endNs: number;
  readonly durationMs: number;
  /** Undefined, like the path, where the client has not sent so much of a request that was refused. */
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly status: number | undefined;
  readonly reason: string;
  readonly requestId: string | undefined;
  readonly route: string | undefined;
  readonly origin: string | undefined;
  readonly upstreamHost: string | undefined;
  readonly upstreamAttempts: number | undefined;
  readonly responseFlags: string | undefined;
}
