import { Filter, HttpStatusError } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { clientAddress, Networks } from '@sluice/handler-connection';
import { inject } from 'inversify';
import type { z } from 'zod';
import { RequestIdFilter } from '../request-id/request-id-filter.ts';
import { behind } from '../shared/behind.ts';
import { IpAccessOptions } from './ip-access-options.ts';
import type { ipAccessSchema } from './ip-access-options.ts';

/**
 * Lets clients in, or refuses them with 403, by their IP address: that of the socket or of a PROXY
 * protocol header, never that of a field. A client without one (on a Unix socket) is refused when
 * only some are allowed.
 */
@Filter({ type: 'inbound', name: 'ip-access', after: behind(RequestIdFilter) })
export class IpAccessFilter implements InboundFilter {
  readonly #allowed: Networks | undefined;
  readonly #denied: Networks;

  constructor(@inject(IpAccessOptions) options: z.input<typeof ipAccessSchema> = {}) {
    const { allow, deny } = new IpAccessOptions(options);
    this.#allowed = allow.length > 0 ? new Networks(allow) : undefined;
    this.#denied = new Networks(deny);
  }

  apply(_request: HttpRequestMessage, { channel }: SessionContext): void {
    if (this.#isAllowed(clientAddress(channel))) return;
    throw new HttpStatusError(403, 'Access from this address is not allowed.', {
      reason: 'http_request_denied',
    });
  }

  #isAllowed(address: string | undefined): boolean {
    if (address === undefined) return this.#allowed === undefined;
    return !this.#denied.has(address) && (this.#allowed?.has(address) ?? true);
  }
}
