import { describe, expect, it } from 'vitest';
import { checkUpstreamPolicy } from '../src/index.ts';
import type { RetryCondition, RetryPolicy } from '../src/index.ts';
import { mayRetry } from '../src/retry/retry-decision.ts';
import type { RetryCause } from '../src/retry/retry-decision.ts';

const CAUSES: readonly RetryCause[] = [
  'connect-failure',
  'reset-before-request',
  'refused-stream',
  'reset',
  409,
  500,
  502,
  503,
  504,
  429,
];

/** For each condition, the causes that a GET is sent again for. */
const TAKEN_IN: readonly (readonly [RetryCondition, readonly RetryCause[]])[] = [
  ['connect-failure', ['connect-failure']],
  ['reset-before-request', ['reset-before-request']],
  ['refused-stream', ['refused-stream']],
  ['reset', ['reset-before-request', 'refused-stream', 'reset']],
  ['gateway-error', ['connect-failure', 'reset-before-request', 'refused-stream', 'reset', 502, 503, 504]],
  ['5xx', ['connect-failure', 'reset-before-request', 'refused-stream', 'reset', 500, 502, 503, 504]],
  ['retriable-4xx', [409]],
  ['retriable-status-codes', [429]],
];

const EVERYTHING = policyOf(
  'connect-failure',
  'reset',
  '5xx',
  'gateway-error',
  'retriable-4xx',
  'retriable-status-codes',
);

describe('mayRetry', () => {
  it.each(TAKEN_IN)('with %s takes in what it says and nothing else', (condition, taken) => {
    const request = { method: 'GET', isReplayable: true, isUpgrade: false };

    expect(CAUSES.filter((cause) => mayRetry(policyOf(condition), cause, request))).toEqual(taken);
  });

  // error × method × body state, under a policy that repeats whatever may be repeated
  it.each(
    ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'POST', 'PATCH', 'LOCK', 'CONNECT'].flatMap((method) =>
      CAUSES.flatMap((cause) => [true, false].map((isReplayable) => [method, cause, isReplayable] as const)),
    ),
  )('%s after %s, its body still there: %s', (method, cause, isReplayable) => {
    const isIdempotent = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method);
    const isUntouched = cause === 'connect-failure' || cause === 'reset-before-request';
    const may = mayRetry(EVERYTHING, cause, { method, isReplayable, isUpgrade: false });

    expect(may).toBe(isReplayable && (isIdempotent || isUntouched));
  });

  it('takes an upgrade for what may have been begun, unless nothing was sent', () => {
    const upgrade = { method: 'GET', isReplayable: true, isUpgrade: true };

    expect(CAUSES.filter((cause) => mayRetry(EVERYTHING, cause, upgrade))).toEqual([
      'connect-failure',
      'reset-before-request',
    ]);
  });
});

function policyOf(...retryOn: RetryCondition[]): RetryPolicy {
  const retriableStatusCodes = retryOn.includes('retriable-status-codes') ? [429] : [];
  const { retry } = checkUpstreamPolicy({ retry: { retryOn, retriableStatusCodes } });
  if (retry === undefined) throw new Error('There is no retry policy.');
  return retry;
}
