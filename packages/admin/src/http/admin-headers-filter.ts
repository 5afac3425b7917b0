import { Filter } from '@sluice/filters';
import type { HttpResponseMessage, OutboundFilter } from '@sluice/filters';

/** What keeps a response out of caches, frames and pages of others. */
const FIELDS = [
  ['cache-control', 'no-store'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
  ['cross-origin-resource-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
] as const;

/** Puts the fields on every response that make browsers careful with it, errors included. */
@Filter({ type: 'outbound', name: 'admin-headers' })
export class AdminHeadersFilter implements OutboundFilter {
  apply({ headers }: HttpResponseMessage): void {
    for (const [name, value] of FIELDS) headers.set(name, value);
  }
}
