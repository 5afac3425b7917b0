import { FieldNameSet } from '@sluice/codec-http';
import type { HttpHeaders } from '@sluice/codec-http';
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

// No script reads cookies of a response (Fetch standard, forbidden response-header names), nor needs to read what was decided.
const NOT_EXPOSED = new FieldNameSet([
  'set-cookie',
  'set-cookie2',
  'access-control-allow-origin',
  'access-control-allow-credentials',
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
  readonly #exposed: readonly string[];
  readonly #allowCredentials: boolean;

  constructor(@inject(CorsOptions) options: z.input<typeof corsSchema> = {}) {
    const { allowedOrigins, exposedFields, allowCredentials } = new CorsOptions(options);
    this.#variesByOrigin = !allowedOrigins.includes('*');
    this.#exposed = exposedFields;
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
    const exposed = this.#exposedOf(headers).join(', ');
    if (exposed !== '') headers.set('access-control-expose-headers', exposed);
  }

  // With credentials `*` is a name like any other, so what the response has is exposed by its name.
  #exposedOf(headers: HttpHeaders): readonly string[] {
    if (!this.#allowCredentials || !this.#exposed.includes('*')) return this.#exposed;
    const others = this.#exposed.filter((name) => name !== '*');
    return [...new Set([...others, ...headers.names().filter((name) => !NOT_EXPOSED.has(name))])];
  }
}
