import { StripUntrustedProxyHeadersOptions } from '@sluice/handler-http';
import { TrustedPeers } from '@sluice/handler-proxy-protocol';
import { ProxyEndpointOptions } from '@sluice/origin';
import { ContainerModule } from 'inversify';

/** For `modules` of a gateway: what the proxies in these networks say of a client is kept and added to. */
export function behindProxies(networks: readonly string[]): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(StripUntrustedProxyHeadersOptions).toConstantValue({
      ...new StripUntrustedProxyHeadersOptions(),
      allowProxyHeadersWhen: 'ALWAYS',
    });
    bind(ProxyEndpointOptions).toConstantValue({
      ...new ProxyEndpointOptions(),
      trustedPeers: new TrustedPeers(networks),
    });
  });
}
