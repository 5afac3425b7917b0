import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { WorkerPlace } from '@sluice/inject';
import { inject } from 'inversify';
import type { z } from 'zod';
import { BasicAuthFilter } from '../basic-auth/basic-auth-filter.ts';
import { behind } from '../shared/behind.ts';
import { COUNTED_EARLY } from './early-rate-limit-filter.ts';
import { RateLimitOptions } from './rate-limit-options.ts';
import type { rateLimitSchema } from './rate-limit-options.ts';
import { RateLimiter } from './rate-limiter.ts';

/**
 * Refuses requests with 429 when too many come from one client, or with one key, or in all, unless the
 * EarlyRateLimitFilter has counted them. Each of several workers has its share of the limit.
 */
@Filter({ type: 'inbound', name: 'rate-limit', after: behind(BasicAuthFilter) })
export class RateLimitFilter implements InboundFilter {
  readonly #limiter: RateLimiter;

  constructor(
    @inject(RateLimitOptions) options: z.input<typeof rateLimitSchema> = {},
    @inject(WorkerPlace) place: WorkerPlace = new WorkerPlace(),
  ) {
    this.#limiter = new RateLimiter(new RateLimitOptions(options), place);
  }

  shouldFilter(_request: HttpRequestMessage, context: SessionContext): boolean {
    return context.get(COUNTED_EARLY) === undefined;
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    this.#limiter.take(request, context);
  }
}
