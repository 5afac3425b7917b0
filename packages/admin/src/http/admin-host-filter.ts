import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { inject } from 'inversify';
import { isIP } from 'node:net';
import { AdminOptions } from './admin-options.ts';

/**
 * Refuses requests for hosts that this listener does not have: an IP address and `localhost` can't
 * be made to lead somewhere else, any other name can.
 */
@Filter({ type: 'inbound', name: 'admin-host' })
export class AdminHostFilter implements InboundFilter {
  readonly #allowed: ReadonlySet<string>;

  constructor(@inject(AdminOptions) { allowedHosts }: AdminOptions) {
    this.#allowed = new Set(['localhost', ...allowedHosts]);
  }

  apply({ host }: HttpRequestMessage): void {
    if (this.#allowed.has(host) || isIP(host.replace(/^\[(.*)\]$/, '$1')) !== 0) return;
    throw new HttpStatusError(
      403,
      'The admin listener is asked by an IP address or as localhost. Another name must be allowed: hosts of admin in the file, or --admin-host.',
    );
  }
}
