import { FieldNameSet } from '@sluice/codec-http';
import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { ResponseHeaderMutationFilter } from '../header-mutation/response-header-mutation-filter.ts';
import { behind } from '../shared/behind.ts';
import { addVary } from '../shared/vary.ts';
import { CORS_ALLOWED_ORIGIN } from './cors-filter.ts';
import { CorsOptions } from './cors-options.ts';
import type { corsSchema } from './cors-options.ts';

// Two places that decide who may read would add up to an answer that neither has given.
const DECIDED_HERE = new FieldNameSet([
  'access-control-allow-origin',
  'access-control-allow-credentials',
  'access-control-expose-headers',
]);

/** Writes into the response what the {@link CorsFilter} has decided, in place of what the origin says. */
@Filter({
  type: 'outbound',
  name: 'cors-response',
  after: behind(ResponseHeaderMutationFilter),
  alwaysRun: true,
})
export class CorsResponseFilter implements OutboundFilter {
  readonly #variesByOrigin: boolean;
  readonly #exposed: string;
  readonly #allowCredentials: boolean;

  constructor(@inject(CorsOptions) options: z.input<typeof corsSchema> = {}) {
    const { allowedOrigins, exposedFields, allowCredentials } = new CorsOptions(options);
    this.#variesByOrigin = !allowedOrigins.includes('*');
    this.#exposed = exposedFields.join(', ');
    this.#allowCredentials = allowCredentials;
  }

  apply({ headers }: HttpResponseMessage, context: SessionContext): void {
    headers.deleteAll(DECIDED_HERE);
    // Also without an allowed origin: a cache must not give this response to one.
    if (this.#variesByOrigin) addVary(headers, 'Origin');
    const origin = context.get(CORS_ALLOWED_ORIGIN);
    if (origin === undefined) return;
    headers.set('access-control-allow-origin', origin);
    if (this.#allowCredentials) headers.set('access-control-allow-credentials', 'true');
    if (this.#exposed !== '') headers.set('access-control-expose-headers', this.#exposed);
  }
}
