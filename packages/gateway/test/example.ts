import { HttpServerCodec } from '@sluice/codec-http';
import {
  ClientRequestReceiver,
  ClientResponseWriter,
  Filter,
  HttpResponseMessage,
  ZuulFilterChainHandler,
} from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { Http1ConnectionCloseHandler, HttpServerLifecycleChannelHandler } from '@sluice/handler-http';

/** Answers a load balancer's question without asking an origin. */
@Filter({ type: 'inbound', name: 'healthcheck' })
class HealthcheckFilter implements InboundFilter {
  shouldFilter(request: HttpRequestMessage): boolean {
    return request.path === '/healthz';
  }

  apply(_request: HttpRequestMessage, context: SessionContext): void {
    context.staticResponse = HttpResponseMessage.make(context, { status: 200, body: 'ok\n' });
  }
}

export function exampleGateway(apiPort: number): Gateway {
  return new Gateway({
    listeners: [
      {
        address: { host: '127.0.0.1', port: 0 },
        handlers: [
          HttpServerCodec,
          Http1ConnectionCloseHandler,
          HttpServerLifecycleChannelHandler,
          ClientRequestReceiver,
          ZuulFilterChainHandler,
          ClientResponseWriter,
        ],
      },
    ],
    filters: [HealthcheckFilter],
    origins: [
      {
        name: 'api',
        servers: [{ host: '127.0.0.1', port: apiPort }],
        options: { maxConnections: 64, responseTimeoutMs: 10_000 },
      },
    ],
    routes: [{ prefix: '/api', origin: 'api' }],
  });
}
