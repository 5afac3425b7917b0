import { Filter } from '@sluice/filters';
import type {
  Downstream,
  HttpRequestMessage,
  HttpResponseMessage,
  StreamingEndpoint,
  Upstream,
} from '@sluice/filters';
import { withDefaults } from '@sluice/inject';
import { inject } from 'inversify';
import { ConnectTunnel } from './connect-tunnel.ts';
import { answerInPlaceOfOrigin } from './max-forwards.ts';
import { addForwardingHeaders } from './forwarding-headers.ts';
import { originError } from '../origin-error.ts';
import { OriginManager } from '../origin-manager.ts';
import { ProxyEndpointOptions } from './proxy-endpoint-options.ts';
import { ProxyExchange } from './proxy-exchange.ts';
import { UPSTREAM_POLICY } from './upstream-policy.ts';

/** Answers with the response of an origin: the one that the filters have put into `context.origin`. */
@Filter({ type: 'endpoint', name: 'proxy', required: true })
export class ProxyEndpoint implements StreamingEndpoint {
  readonly #origins: OriginManager;
  readonly #options: ProxyEndpointOptions;

  constructor(
    @inject(OriginManager) origins: OriginManager,
    @inject(ProxyEndpointOptions) options: Partial<ProxyEndpointOptions> = {},
  ) {
    this.#origins = origins;
    this.#options = withDefaults(ProxyEndpointOptions, options);
  }

  open(request: HttpRequestMessage, downstream: Downstream): Upstream {
    const { context, inboundRequest, outboundRequest } = request;
    const answer = answerInPlaceOfOrigin(request);
    if (answer !== undefined) return respondLocally(answer, downstream);
    if (context.origin === undefined) throw originError('destination_not_found');
    const origin = this.#origins.getOrigin(context.origin);
    if (origin === undefined) throw new TypeError(`There is no origin named "${context.origin}".`);
    if (inboundRequest.method === 'CONNECT') {
      const tunnel = new ConnectTunnel(request, downstream, origin, context.get(UPSTREAM_POLICY));
      tunnel.start();
      return tunnel;
    }
    addForwardingHeaders(request, this.#options);
    // What the client does with its connection is no business of the origin.
    outboundRequest.keepAlive = true;
    const exchange = new ProxyExchange(request, downstream, origin, context.get(UPSTREAM_POLICY));
    exchange.start();
    return exchange;
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
