import { TrustedPeers } from '@sluice/handler-proxy-protocol';

/** What an origin is told of the client, beside the request. */
export class ProxyEndpointOptions {
  /**
   * The networks of the proxies in front of the gateway: what they say in X-Forwarded-* and
   * Forwarded is kept and added to. Of every other peer it is replaced. Default: nobody. The fields
   * must get past StripUntrustedProxyHeadersHandler, whose `allowProxyHeadersWhen` then is `ALWAYS`.
   */
  readonly trustedPeers: TrustedPeers = TrustedPeers.NONE;
  /** Whether Forwarded (RFC 7239) is sent too. Default: no. */
  readonly sendForwarded: boolean = false;
}
