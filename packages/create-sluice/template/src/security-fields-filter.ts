import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter } from '@sluice/filters';

/** Tells browsers to be strict, on every response that does not say otherwise. */
@Filter({ type: 'outbound', name: 'security-fields' })
export class SecurityFieldsFilter implements OutboundFilter {
  apply({ headers }: HttpResponseMessage): void {
    if (!headers.has('x-content-type-options')) headers.set('x-content-type-options', 'nosniff');
    if (!headers.has('referrer-policy')) headers.set('referrer-policy', 'no-referrer');
  }
}
