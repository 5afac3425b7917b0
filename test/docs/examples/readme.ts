import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { serverHandlers } from '@sluice/cli';

@Filter({ type: 'inbound' })
class Greeting implements InboundFilter {
  apply(request: HttpRequestMessage): void {
    request.headers.set('x-greeting', 'hello');
  }
}

const gateway = new Gateway({
  listeners: [{ address: { host: '127.0.0.1', port: 8080 }, handlers: serverHandlers }],
  filters: [Greeting],
  origins: [{ name: 'api', servers: [{ host: '127.0.0.1', port: 9000 }] }],
  routes: [{ prefix: '/', origin: 'api' }],
});
await gateway.start();

export { gateway };
