import { HttpServerCodec } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';

/**
 * WebSockets on `/live`, and nothing else: a request there without an upgrade goes to the same origin, which
 * answers it, and other paths are 404. A tunnel ends after a minute without a byte either way.
 */
export function webSocketGateway(port: number, origins: readonly number[]): Gateway {
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
    origins: [
      {
        name: 'live',
        servers: origins.map((origin) => ({ host: '127.0.0.1', port: origin })),
        options: { tunnelIdleTimeoutMs: 60_000 },
      },
    ],
    routes: [{ name: 'live', path: { segmentPrefix: '/live' }, origin: 'live', upgrades: ['websocket'] }],
  });
}
