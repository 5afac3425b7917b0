import { canonicalHost } from '@sluice/codec-http';
import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { inject } from 'inversify';
import type { z } from 'zod';
import { HealthCheckFilter } from '../health-check/health-check-filter.ts';
import { answerLocally } from '../shared/answer-locally.ts';
import { behind } from '../shared/behind.ts';
import { redirectLocation } from './redirect-location.ts';
import { RedirectOptions } from './redirect-options.ts';
import type { RedirectRule, redirectSchema } from './redirect-options.ts';

/** Sends clients to another scheme, host, port or path. */
@Filter({ type: 'inbound', name: 'redirect', after: behind(HealthCheckFilter) })
export class RedirectFilter implements InboundFilter {
  readonly #rules: RedirectOptions['rules'];

  constructor(@inject(RedirectOptions) options: z.input<typeof redirectSchema> = {}) {
    this.#rules = new RedirectOptions(options).rules.map(withCanonicalHost);
  }

  apply(request: HttpRequestMessage, context: SessionContext): void {
    for (const rule of this.#rules) {
      const location = redirectLocation(request, rule);
      if (location === undefined) continue;
      answerLocally(context, 'redirect', { status: rule.status, headers: [['location', location]] });
      return;
    }
  }
}

function withCanonicalHost({ match, ...rule }: RedirectRule): RedirectRule {
  const { host } = match;
  return { ...rule, match: { ...match, host: host === undefined ? undefined : canonicalHost(host) } };
}
