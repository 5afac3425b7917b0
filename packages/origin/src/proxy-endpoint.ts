import { Filter } from '@sluice/filters';
import type { Downstream, HttpRequestMessage, StreamingEndpoint, Upstream } from '@sluice/filters';
import { inject } from 'inversify';
import { addForwardingHeaders } from './forwarding-headers.ts';
import { originError } from './origin-error.ts';
import { OriginManager } from './origin-manager.ts';
import { UpstreamRequest } from './upstream-request.ts';

/** Answers with the response of an origin: the one that the filters have put into `context.origin`. */
@Filter({ type: 'endpoint', name: 'proxy' })
export class ProxyEndpoint implements StreamingEndpoint {
  readonly #origins: OriginManager;

  constructor(@inject(OriginManager) origins: OriginManager) {
    this.#origins = origins;
  }

  open(request: HttpRequestMessage, downstream: Downstream): Upstream {
    const { origin: name } = request.context;
    if (name === undefined) throw originError('destination_not_found');
    const origin = this.#origins.getOrigin(name);
    if (origin === undefined) throw new TypeError(`There is no origin named "${name}".`);
    addForwardingHeaders(request);
    const upstream = new UpstreamRequest(request, downstream, origin);
    upstream.start();
    return upstream;
  }
}
