import type { Logger, SocketAddress } from '@sluice/core';
import { ZuulFilterChainOptions } from '@sluice/filters';
import { Gateway } from '@sluice/gateway';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { ContainerModule } from 'inversify';
import { plainHandlers } from '../pipeline.ts';
import { MetricsEndpoint } from './metrics-endpoint.ts';

/** A listener of its own for the operator, made of the same parts as the gateway. */
export function adminGateway(address: SocketAddress, metrics: MetricsRegistry, logger: Logger): Gateway {
  return new Gateway({
    listeners: [{ name: 'admin', address, handlers: plainHandlers }],
    filters: [MetricsEndpoint],
    defaultEndpoint: MetricsEndpoint,
    modules: [adminModule(metrics)],
    logger,
  });
}

/** RFC 9209 §2: an origin sends no `Proxy-Status`. */
function adminModule(metrics: MetricsRegistry): ContainerModule {
  return new ContainerModule(({ bind }) => {
    bind(MetricsRegistry).toConstantValue(metrics);
    bind(ZuulFilterChainOptions).toConstantValue({ ...new ZuulFilterChainOptions(), proxyName: undefined });
  });
}
