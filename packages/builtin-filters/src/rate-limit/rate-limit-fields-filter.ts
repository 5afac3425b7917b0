import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RequestIdResponseFilter } from '../request-id/request-id-response-filter.ts';
import { behind } from '../shared/behind.ts';
import { RATE_LIMIT_STATE } from './rate-limiter.ts';
import { RateLimitOptions } from './rate-limit-options.ts';
import type { rateLimitSchema } from './rate-limit-options.ts';

const MS_PER_SECOND = 1_000;

/**
 * Tells clients their quota and what is left of it, in `RateLimit-Policy` and `RateLimit`
 * (draft-ietf-httpapi-ratelimit-headers-10). An origin that says the same of its own is kept behind it.
 */
@Filter({
  type: 'outbound',
  name: 'rate-limit-fields',
  after: behind(RequestIdResponseFilter),
  alwaysRun: true,
})
export class RateLimitFieldsFilter implements OutboundFilter {
  readonly #name: string;
  readonly #policy: string;

  constructor(@inject(RateLimitOptions) options: z.input<typeof rateLimitSchema> = {}) {
    const { policyName, maxTokens, tokensPerFill, fillIntervalMs } = new RateLimitOptions(options);
    const windowSeconds = Math.ceil((maxTokens * fillIntervalMs) / tokensPerFill / MS_PER_SECOND);
    this.#name = `"${policyName}"`;
    this.#policy = `${this.#name};q=${maxTokens};w=${windowSeconds}`;
  }

  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    const state = context.get(RATE_LIMIT_STATE);
    if (state === undefined) return;
    headers.add('ratelimit-policy', this.#policy);
    headers.add('ratelimit', `${this.#name};r=${state.remaining};t=${state.resetSeconds}`);
  }
}
