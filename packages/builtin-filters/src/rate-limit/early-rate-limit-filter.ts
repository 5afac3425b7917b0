import { ContextKey, Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { WorkerPlace } from '@sluice/inject';
import { inject } from 'inversify';
import type { z } from 'zod';
import { CorsFilter } from '../cors/cors-filter.ts';
import { behind } from '../shared/behind.ts';
import { RateLimitOptions } from './rate-limit-options.ts';
import type { rateLimitSchema } from './rate-limit-options.ts';
import { RateLimiter } from './rate-limiter.ts';

/** Whether a request was counted before authentication. */
export const COUNTED_EARLY: ContextKey<true> = new ContextKey('rate-limit-counted-early');

/**
 * The RateLimitFilter before authentication, for a limit by `client-address`, `route` or `none`, which
 * needs no user: it counts the requests with wrong passwords too, before one is verified.
 */
@Filter({ type: 'inbound', name: 'early-rate-limit', after: behind(CorsFilter) })
export class EarlyRateLimitFilter implements InboundFilter {
  readonly #keyBy: RateLimitOptions['keyBy'];
  readonly #limiter: RateLimiter;

  constructor(
    @inject(RateLimitOptions) options: z.input<typeof rateLimitSchema> = {},
    @inject(WorkerPlace) place: WorkerPlace = new WorkerPlace(),
  ) {
    const checked = new RateLimitOptions(options);
    this.#keyBy = checked.keyBy;
    this.#limiter = new RateLimiter(checked, place);
  }

  shouldFilter(): boolean {
    return this.#keyBy !== 'field';
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    context.set(COUNTED_EARLY, true);
    this.#limiter.take(request, context);
  }
}
