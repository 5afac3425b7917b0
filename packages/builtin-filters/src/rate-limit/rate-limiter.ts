import { ContextKey, HttpStatusError, StatusCategory } from '@sluice/filters';
import type { HttpRequestMessage, SessionContext } from '@sluice/filters';
import { shareOf } from '@sluice/inject';
import type { WorkerPlace } from '@sluice/inject';
import { LruMap } from '../shared/lru-map.ts';
import { rateLimitKey } from './rate-limit-key.ts';
import type { RateLimitOptions } from './rate-limit-options.ts';
import { TokenBucket } from './token-bucket.ts';
import type { BucketSize } from './token-bucket.ts';

/** What is left of a client's quota, for the fields of the response. */
export interface RateLimitState {
  readonly remaining: number;
  /** Until the whole quota is there again. */
  readonly resetSeconds: number;
}

export const RATE_LIMIT_STATE: ContextKey<RateLimitState> = new ContextKey('rate-limit-state');

const MS_PER_SECOND = 1_000;

/** The buckets that requests take tokens from. */
export class RateLimiter {
  readonly #options: RateLimitOptions;
  readonly #size: BucketSize;
  readonly #buckets: LruMap<string, TokenBucket>;

  constructor(options: RateLimitOptions, place: WorkerPlace) {
    const { maxTokens, tokensPerFill, fillIntervalMs, maxKeys } = options;
    this.#options = options;
    this.#size = {
      maxTokens: shareOf(maxTokens, place),
      tokensPerMs: tokensPerFill / fillIntervalMs / place.workers,
    };
    this.#buckets = new LruMap(maxKeys);
  }

  /** Takes a token for a request. Throws a 429 when none is left. */
  take(request: HttpRequestMessage, context: SessionContext): void {
    const now = context.channel.clock.now();
    const bucket = this.#bucket(rateLimitKey(request, this.#options), now);
    const isAllowed = bucket.take(now);
    if (this.#options.sendFields) {
      context.set(RATE_LIMIT_STATE, {
        remaining: bucket.remaining,
        resetSeconds: Math.ceil(bucket.msUntil(this.#size.maxTokens) / MS_PER_SECOND),
      });
    }
    if (!isAllowed) throw tooManyRequests(Math.ceil(bucket.msUntil(1) / MS_PER_SECOND));
  }

  #bucket(key: string, now: number): TokenBucket {
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const bucket = new TokenBucket(this.#size, now);
    this.#buckets.set(key, bucket);
    return bucket;
  }
}

function tooManyRequests(retryAfterSeconds: number): HttpStatusError {
  return new HttpStatusError(429, 'There were too many requests.', {
    category: StatusCategory.FAILURE_CLIENT_BAD_REQUEST,
    reason: 'http_request_denied',
    headers: [['retry-after', String(retryAfterSeconds)]],
  });
}
