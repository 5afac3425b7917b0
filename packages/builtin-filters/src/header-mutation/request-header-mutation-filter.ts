import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { FaultFilter } from '../fault/fault-filter.ts';
import { behind } from '../shared/behind.ts';
import { HeaderMutationOptions } from './header-mutation-options.ts';
import type { headerMutationSchema } from './header-mutation-options.ts';
import { HeaderMutations } from './header-mutations.ts';
import { REQUEST_VARIABLES } from './variables.ts';

/** Sets, adds and removes fields of requests. */
@Filter({ type: 'inbound', name: 'request-header-mutation', after: behind(FaultFilter) })
export class RequestHeaderMutationFilter implements InboundFilter {
  readonly #mutations: HeaderMutations<HttpRequestMessage>;

  constructor(@inject(HeaderMutationOptions) options: z.input<typeof headerMutationSchema> = {}) {
    this.#mutations = new HeaderMutations(new HeaderMutationOptions(options).request, REQUEST_VARIABLES);
  }

  apply(request: HttpRequestMessage): void {
    this.#mutations.applyTo(request);
  }
}
