import { HttpServerCodec, HttpServerCodecOptions } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import {
  ElbProxyProtocolChannelHandler,
  ElbProxyProtocolOptions,
  TrustedPeers,
} from '@sluice/handler-proxy-protocol';
import { ServerSslContext, SslHandler, SslHandshakeInfoHandler } from '@sluice/handler-tls';
import { ContainerModule } from 'inversify';

export interface TlsTerminatorSettings {
  readonly port: number;
  readonly originPort: number;
  readonly certFile: string;
  readonly keyFile: string;
  /** Where the load balancer is: who else connects is closed. */
  readonly loadBalancers: readonly string[];
}

/**
 * Ends TLS behind a load balancer that passes bytes on. Every connection begins with a PROXY protocol header, which
 * tells the client's address, then comes TLS; so the handler of the header stands before SslHandler. SslHandshakeInfoHandler
 * notes what was agreed on, from which X-Forwarded-Proto is made.
 */
export function tlsTerminator({
  port,
  originPort,
  certFile,
  keyFile,
  loadBalancers,
}: TlsTerminatorSettings): Gateway {
  const proxyProtocol: ElbProxyProtocolOptions = {
    ...new ElbProxyProtocolOptions(),
    mode: 'required',
    trustedPeers: new TrustedPeers(loadBalancers),
  };
  return new Gateway({
    listeners: [
      {
        address: { host: '127.0.0.1', port },
        handlers: [
          SourceAddressChannelHandler,
          ElbProxyProtocolChannelHandler,
          SslHandler,
          SslHandshakeInfoHandler,
          HttpServerCodec,
          Http1ConnectionCloseHandler,
          HttpHeadersTimeoutHandler,
          HttpServerLifecycleChannelHandler,
          ClientRequestReceiver,
          ZuulFilterChainHandler,
          ClientResponseWriter,
        ],
      },
    ],
    modules: [
      new ContainerModule(({ bind }) => {
        bind(ElbProxyProtocolOptions).toConstantValue(proxyProtocol);
        bind(ServerSslContext).toConstantValue(
          new ServerSslContext({ certificates: [{ certFile, keyFile }] }),
        );
        bind(HttpServerCodecOptions).toConstantValue({ ...new HttpServerCodecOptions(), scheme: 'https' });
      }),
    ],
    origins: [{ name: 'app', servers: [{ host: '127.0.0.1', port: originPort }] }],
    routes: [{ prefix: '/', origin: 'app' }],
  });
}
