import { HttpServerCodec } from '@sluice/codec-http';
import { ClientRequestReceiver, ClientResponseWriter, ZuulFilterChainHandler } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { SourceAddressChannelHandler } from '@sluice/handler-connection';
import {
  Http1ConnectionCloseHandler,
  HttpHeadersTimeoutHandler,
  HttpServerLifecycleChannelHandler,
} from '@sluice/handler-http';
import { canaryOrigins, canaryRoutes } from './canary.ts';

const port = Number(process.env['PORT'] ?? 8080);
const gateway = new Gateway({
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
  origins: canaryOrigins(
    Number(process.env['STABLE_PORT'] ?? 9000),
    Number(process.env['NEXT_PORT'] ?? 9001),
  ),
  routes: canaryRoutes(Number(process.env['PERCENT'] ?? 5)),
});
await gateway.start();
console.log(`listening on 127.0.0.1:${port}`);
