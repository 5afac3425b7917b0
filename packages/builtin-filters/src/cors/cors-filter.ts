import type { HttpHeaders } from '@sluice/codec-http';
import { ContextKey, Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RedirectFilter } from '../redirect/redirect-filter.ts';
import { answerLocally } from '../shared/answer-locally.ts';
import { behind } from '../shared/behind.ts';
import { isToken } from '../shared/field-schemas.ts';
import { CorsOptions } from './cors-options.ts';
import type { corsSchema } from './cors-options.ts';
import { OriginMatcher } from './origin-matcher.ts';

/** Who may read the response: an origin, or `*`. Absent: no other site. */
export const CORS_ALLOWED_ORIGIN: ContextKey<string> = new ContextKey('cors-allowed-origin');

type Field = readonly [name: string, value: string];

/**
 * Decides which other sites' scripts may read a response (Fetch standard, CORS protocol), and answers
 * preflights. Requests of other origins are not refused: it is the browser that keeps the response from them.
 */
@Filter({ type: 'inbound', name: 'cors', after: behind(RedirectFilter) })
export class CorsFilter implements InboundFilter {
  readonly #options: CorsOptions;
  readonly #origins: OriginMatcher;

  constructor(@inject(CorsOptions) options: z.input<typeof corsSchema> = {}) {
    this.#options = new CorsOptions(options);
    this.#origins = new OriginMatcher(this.#options.allowedOrigins);
  }

  apply({ headers, outboundRequest }: HttpRequestMessage, context: SessionContext): void {
    const allowed = this.#allowedOrigin(headers);
    if (allowed !== undefined) context.set(CORS_ALLOWED_ORIGIN, allowed);
    if (outboundRequest.preflightMethod === undefined) return;
    if (allowed === undefined) throw originRefused();
    answerLocally(context, 'cors', { status: 204, headers: this.#preflightFields(headers) });
  }

  #allowedOrigin(headers: HttpHeaders): string | undefined {
    // The options don't allow this together with credentials.
    if (this.#origins.acceptsAny) return '*';
    const [origin, ...others] = headers.getAll('origin');
    if (origin === undefined || others.length > 0) return undefined;
    return this.#origins.accepts(origin) ? origin : undefined;
  }

  #preflightFields(headers: HttpHeaders): readonly Field[] {
    const { allowedMethods, allowedFields, allowPrivateNetwork, maxAgeSeconds } = this.#options;
    const asked = (field: string): string => headers.getAll(`access-control-request-${field}`).join(',');
    const fields: Field[] = [
      ['access-control-allow-methods', this.#list(allowedMethods, asked('method'))],
      ['access-control-allow-headers', this.#list(allowedFields, asked('headers'))],
      ['access-control-max-age', String(maxAgeSeconds)],
    ];
    if (allowPrivateNetwork && asked('private-network') === 'true')
      fields.push(['access-control-allow-private-network', 'true']);
    return fields.filter(([, value]) => value !== '');
  }

  // With credentials `*` is a name like any other, so what is asked for is allowed by its name.
  #list(allowed: readonly string[], asked: string): string {
    if (!this.#options.allowCredentials || !allowed.includes('*')) return allowed.join(', ');
    return asked
      .split(',')
      .map((name) => name.trim())
      .filter(isToken)
      .join(', ');
  }
}

function originRefused(): HttpStatusError {
  return new HttpStatusError(403, 'Requests from this origin are not allowed.', {
    reason: 'http_request_denied',
  });
}
