import { HttpServerCodec } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';

export function proxy(port: number, targetPort: number): Gateway {
  return new Gateway({
    listeners: [
      {
        address: { host: '127.0.0.1', port },
        handlers: [
          SourceAddressChannelHandler,
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
    origins: [{ name: 'target', servers: [{ host: '127.0.0.1', port: targetPort }] }],
    routes: [
      {
        path: { segmentPrefix: '/api' },
        origin: 'target',
        rewrite: { prefix: '/v1' },
        upstream: { autoHost: true },
      },
      { prefix: '/', origin: 'target' },
    ],
  });
}
