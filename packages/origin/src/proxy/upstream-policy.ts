import { SluiceError } from '@sluice/core';
import { ContextKey } from '@sluice/filters';
import { z } from 'zod';

/** What a request may be sent again for. See the README for what each of them takes in. */
export const RETRY_CONDITIONS = [
  'connect-failure',
  'refused-stream',
  'reset-before-request',
  'reset',
  'gateway-error',
  '5xx',
  'retriable-4xx',
  'retriable-status-codes',
] as const;

export type RetryCondition = (typeof RETRY_CONDITIONS)[number];

const milliseconds = z.number().min(0);
const timeoutMs = z.number().min(1);

const retryPolicySchema = z
  .strictObject({
    retryOn: z.array(z.enum(RETRY_CONDITIONS)).min(1).describe('What a request may be sent again for.'),
    numRetries: z
      .int()
      .min(0)
      .max(10)
      .default(1)
      .describe('How often a request is sent again at most, beside the first time.'),
    retriableStatusCodes: z
      .array(z.int().min(400).max(599))
      .default([])
      .describe('The statuses for retriable-status-codes.'),
    backOffBaseMs: milliseconds
      .default(25)
      .describe('The longest wait before the first repetition; it doubles with each. 0: none.'),
    backOffMaxMs: milliseconds.default(250).describe('No wait is longer than this.'),
    retryAfterMaxMs: milliseconds
      .default(0)
      .describe(
        'The longest Retry-After of a response that is waited for; for a longer one the response is passed on. 0: the field is not looked at.',
      ),
    maxReplayBytes: z
      .int()
      .min(0)
      .max(16 * 1024 * 1024)
      .default(0)
      .describe(
        'Bytes of a request body that are kept to be sent again once any of the request was sent. Above: it is sent once.',
      ),
  })
  .readonly()
  .refine(({ backOffBaseMs, backOffMaxMs }) => backOffMaxMs >= backOffBaseMs, {
    path: ['backOffMaxMs'],
    error: 'backOffMaxMs must not be less than backOffBaseMs',
  })
  .refine(
    ({ retryOn, retriableStatusCodes }) =>
      retryOn.includes('retriable-status-codes') === retriableStatusCodes.length > 0,
    {
      path: ['retriableStatusCodes'],
      error: 'retryOn "retriable-status-codes" and retriableStatusCodes need each other',
    },
  );

/** What a route may say of how its requests are sent to an origin. */
export const upstreamPolicySchema = z
  .strictObject({
    timeoutMs: milliseconds
      .optional()
      .describe('From the end of the request to the end of the response, over all tries. 0: no limit.'),
    perTryTimeoutMs: milliseconds
      .optional()
      .describe('For each try, from the sent request to the head of the response. 0: no limit.'),
    idleTimeoutMs: timeoutMs
      .optional()
      .describe(
        "How long the server may be silent when it is its turn, and a tunnel quiet; in place of the origin's options.",
      ),
    retry: retryPolicySchema
      .optional()
      .describe('When a request is sent again. Absent: once more when it can not have been taken on.'),
    autoHost: z
      .boolean()
      .optional()
      .describe(
        "Whether the origin gets the host of the server that is chosen, not the client's. Default: no.",
      ),
    sendDeadline: z
      .boolean()
      .optional()
      .describe(
        'Whether the origin is told how much time it has, in X-Sluice-Expected-Timeout-Ms. Default: no.',
      ),
  })
  .readonly();

/** What a route says of how its requests are sent to an origin. What is absent is left to the origin's options. */
export type UpstreamPolicy = z.output<typeof upstreamPolicySchema>;

/** An {@link UpstreamPolicy} as it is written down, with the defaults left out. */
export type UpstreamPolicyInput = z.input<typeof upstreamPolicySchema>;

/** When a request is sent again. */
export type RetryPolicy = NonNullable<UpstreamPolicy['retry']>;

/** Set by the filter that chooses the route, for the ProxyEndpoint. */
export const UPSTREAM_POLICY: ContextKey<UpstreamPolicy> = new ContextKey('upstream-policy');

/**
 * Without a policy: once more, at once, when the server can't have taken the request on, or has
 * ended a kept connection without a byte in answer to a request that may be repeated.
 */
export const DEFAULT_RETRY: RetryPolicy = Object.freeze({
  retryOn: ['connect-failure', 'refused-stream', 'reset-before-request'],
  numRetries: 1,
  retriableStatusCodes: [],
  backOffBaseMs: 0,
  backOffMaxMs: 0,
  retryAfterMaxMs: 0,
  maxReplayBytes: 0,
} satisfies RetryPolicy);

/**
 * The policy with the defaults filled in. Throws a {@link SluiceError} that names every place
 * where it is wrong, what was found there and what was expected; `where` begins each of them.
 */
export function checkUpstreamPolicy(given: unknown, where = 'policy'): UpstreamPolicy {
  const checked = upstreamPolicySchema.safeParse(given);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map(({ path, message }) => {
    const at = [where, ...path.map(String)].join('.');
    return `${at}: ${message}; found ${show(valueAt(given, path))}`;
  });
  throw new SluiceError('SLUICE_UPSTREAM_POLICY', faults.join('\n'));
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  let value = root;
  for (const key of path) {
    value = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  }
  return value;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}
