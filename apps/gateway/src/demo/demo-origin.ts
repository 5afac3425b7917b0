import type { Logger } from '@sluice/core';
import { Gateway } from '@sluice/gateway';
import { ContainerModule } from 'inversify';
import { plainHandlers } from '../pipeline.ts';
import { DemoEndpoint, DemoOptions } from './demo-endpoint.ts';

/** A small origin on a free port of the loopback address, made of the same parts as the gateway. */
export function demoOrigin(name: string, logger: Logger): Gateway {
  return new Gateway({
    listeners: [{ name, address: { host: '127.0.0.1', port: 0 }, handlers: plainHandlers }],
    filters: [DemoEndpoint],
    defaultEndpoint: DemoEndpoint,
    modules: [new ContainerModule(({ bind }) => void bind(DemoOptions).toConstantValue({ name }))],
    logger,
  });
}
