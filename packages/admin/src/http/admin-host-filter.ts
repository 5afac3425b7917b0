import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { inject } from 'inversify';
import { isIP } from 'node:net';
import { AdminOptions } from './admin-options.ts';

/** What stands for the host of a request of HTTP/1.0 that names none. RFC 6761 §6.4: no page can be there. */
export const NO_HOST = 'no-host.invalid';

/** What load balancers ask without one. */
const HEALTH_CHECKS: ReadonlySet<string> = new Set(['/ready', '/live']);

/**
 * Refuses requests for hosts that this listener does not have: an IP address and `localhost` can't
 * be made to lead somewhere else, any other name can. A health check may name none.
 */
@Filter({ type: 'inbound', name: 'admin-host' })
export class AdminHostFilter implements InboundFilter {
  readonly #allowed: ReadonlySet<string>;

  constructor(@inject(AdminOptions) { allowedHosts }: AdminOptions) {
    this.#allowed = new Set(['localhost', ...allowedHosts]);
  }

  apply({ host, path }: HttpRequestMessage): void {
    if (this.#allowed.has(host) || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return;
    if (host === NO_HOST && HEALTH_CHECKS.has(path)) return;
    if (host === NO_HOST) throw new HttpStatusError(400, 'The request has no Host field.');
    throw new HttpStatusError(
      403,
      'The admin listener is asked by an IP address or as localhost. Another name must be allowed: hosts of admin in the file, or --admin-host.',
    );
  }
}
