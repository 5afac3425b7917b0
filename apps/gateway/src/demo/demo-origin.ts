import { plainHandlers } from '@sluice/cli';
import type { Logger } from '@sluice/core';
import { ZuulFilterChainOptions } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { ContainerModule } from 'inversify';

import { DemoEndpoint, DemoOptions } from './demo-endpoint.ts';

/** A small origin on a free port of the loopback address, made of the same parts as the gateway. */
export function demoOrigin(name: string, logger: Logger): Gateway {
  return new Gateway({
    listeners: [{ name, address: { host: '127.0.0.1', port: 0 }, handlers: plainHandlers }],
    filters: [DemoEndpoint],
    defaultEndpoint: DemoEndpoint,
    modules: [originModule(name)],
    logger,
  });
}

/** RFC 9209 §2: an origin sends no `Proxy-Status`. */
function originModule(name: string): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(DemoOptions).toConstantValue({ name });
    bind(ZuulFilterChainOptions).toConstantValue({ ...new ZuulFilterChainOptions(), proxyName: undefined });
  });
}
