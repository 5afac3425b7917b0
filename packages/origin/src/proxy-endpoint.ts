import { Filter } from '@sluice/filters';
import type {
  Downstream,
  HttpRequestMessage,
  HttpResponseMessage,
  StreamingEndpoint,
  Upstream,
} from '@sluice/filters';
import { inject } from 'inversify';
import { answerInPlaceOfOrigin } from './max-forwards.ts';
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
    const answer = answerInPlaceOfOrigin(request);
    if (answer !== undefined) return respondLocally(answer, downstream);
    if (name === undefined) throw originError('destination_not_found');
    const origin = this.#origins.getOrigin(name);
    if (origin === undefined) throw new TypeError(`There is no origin named "${name}".`);
    addForwardingHeaders(request);
    // What the client does with its connection is no business of the origin.
    request.outboundRequest.keepAlive = true;
    const upstream = new UpstreamRequest(request, downstream, origin);
    upstream.start();
    return upstream;
  }
}

function respondLocally(response: HttpResponseMessage, downstream: Downstream): Upstream {
  downstream.respond(response);
  return NOBODY;
}

/** There is no far side: what the client still sends is dropped. */
const NOBODY: Upstream = {
  content: () => {},
  tunnel: () => {},
  endTunnel: () => {},
  flush: () => {},
  downstreamWritabilityChanged: () => {},
  end: () => {},
};
