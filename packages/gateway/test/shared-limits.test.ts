import { HttpServerCodec } from '@sluice/codec-http';
import { silentLogger } from '@sluice/core';
import { WorkerPlace } from '@sluice/inject';
import { ContainerModule } from 'inversify';
import { expect, it } from 'vitest';
import { Gateway } from '../src/index.ts';

it.each([
  [undefined, 5],
  [{ worker: 1, workers: 2 }, 3],
  [{ worker: 2, workers: 2 }, 2],
])('has as %j its part of the limits of an origin', async (place, maxRequests) => {
  const bound = new ContainerModule(({ bind }) => {
    if (place !== undefined) bind(WorkerPlace).toConstantValue(place);
  });
  const gateway = new Gateway({
    listeners: [{ address: { host: '127.0.0.1', port: 0 }, handlers: [HttpServerCodec] }],
    origins: [{ name: 'api', servers: [{ host: '127.0.0.1', port: 1 }], options: { maxRequests: 5 } }],
    modules: [bound],
    logger: silentLogger,
  });

  expect(gateway.getOrigin('api')?.resources.options.maxRequests).toBe(maxRequests);
  await gateway.stop();
});
