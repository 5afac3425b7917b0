import type { HttpHeaders } from '@sluice/codec-http';
import type { Clock } from '@sluice/core';
import type { RetryPolicy } from '../proxy/upstream-policy.ts';

const MS_A_SECOND = 1000;
const DELAY_SECONDS = /^\d{1,9}$/;
// An IMF-fixdate (RFC 9110 §5.6.7); Date.parse alone takes almost anything.
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long to wait before a repetition, in ms: anything from 0 up to a bound that doubles each
 * time ("full jitter"), so that clients that failed together don't come back together.
 * `retry` counts from 1; `random` gives a number from 0 to below 1.
 */
export function backOffMs(
  { backOffBaseMs, backOffMaxMs }: RetryPolicy,
  retry: number,
  random: () => number,
): number {
  if (backOffBaseMs === 0) return 0;
  return random() * Math.min(backOffBaseMs * 2 ** (retry - 1), backOffMaxMs);
}

/**
 * How long a response asks to wait, in ms, as seconds or a date (RFC 9110 §10.2.3); undefined when
 * it does not say.
 */
export function retryAfterMs(headers: HttpHeaders, clock: Clock): number | undefined {
  const value = headers.get('retry-after');
  if (value === undefined) return undefined;
  if (DELAY_SECONDS.test(value)) return Number(value) * MS_A_SECOND;
  const date = HTTP_DATE.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - clock.epochMs());
}
