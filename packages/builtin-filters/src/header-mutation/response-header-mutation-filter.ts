import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RateLimitFieldsFilter } from '../rate-limit/rate-limit-fields-filter.ts';
import { behind } from '../shared/behind.ts';
import { HeaderMutationOptions } from './header-mutation-options.ts';
import type { headerMutationSchema } from './header-mutation-options.ts';
import { HeaderMutations } from './header-mutations.ts';
import { RESPONSE_VARIABLES } from './variables.ts';

/** Sets, adds and removes fields of responses, also of those that the gateway makes itself. */
@Filter({
  type: 'outbound',
  name: 'response-header-mutation',
  after: behind(RateLimitFieldsFilter),
  alwaysRun: true,
})
export class ResponseHeaderMutationFilter implements OutboundFilter {
  readonly #mutations: HeaderMutations<HttpResponseMessage>;

  constructor(@inject(HeaderMutationOptions) options: z.input<typeof headerMutationSchema> = {}) {
    this.#mutations = new HeaderMutations(new HeaderMutationOptions(options).response, RESPONSE_VARIABLES);
  }

  apply(response: HttpResponseMessage): void {
    this.#mutations.applyTo(response);
  }
}
