import { FaultFilter, FaultOptions, MirrorFilter, MirrorOptions } from '@sluice/builtin-filters';
import type { FilterClass } from '@sluice/filters';
import type { GatewayDeclaration } from '@sluice/gateway';
import { fakeOrigin, LEAST_HANDLERS, testGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';

const ADDRESS = { host: '10.0.0.1', port: 80 };
const ORIGINS = ['web', 'shadow'].map((name, at) => ({
  name,
  servers: [{ host: `10.1.${at}.1`, port: 80 }],
}));

it('delays only so many at a time, however often a route has changed', async () => {
  const { gateway, reload } = await started(FaultFilter);
  const delayed = gateway.connect();
  delayed.send({ target: '/' });
  gateway.turn();
  await reload('/a');

  // It would wait for its delay.
  expect((await gateway.request()).status).toBe(200);
  gateway.advance(1000);
  expect((await delayed.response()).status).toBe(200);
});

it('mirrors only so many at a time, however often a route has changed', async () => {
  const { gateway, reload, shadow } = await started(MirrorFilter);
  await gateway.request();
  gateway.turn();
  await reload('/a');
  await gateway.request();
  gateway.turn();

  expect(shadow.requests).toHaveLength(1);
});

async function started(filter: FilterClass) {
  const shadow = fakeOrigin(() => undefined);
  const { modules = [], filters = [], routes = [] } = declaration(filter, '/');
  const gateway = await testGateway({
    handlers: LEAST_HANDLERS,
    origins: { web: fakeOrigin(), shadow },
    modules,
    filters,
    routes,
  });
  onTestFinished(() => gateway.stop());
  return { gateway, shadow, reload: (prefix: string) => gateway.gateway.reload(declaration(filter, prefix)) };
}

/** As it was at the start but for one route more; options are read anew each time. */
function declaration(
  filter: FilterClass,
  prefix: string,
): GatewayDeclaration<readonly [typeof LEAST_HANDLERS]> {
  const options = new ContainerModule(({ bind }) => {
    bind(FaultOptions).toConstantValue(
      new FaultOptions({ delayPercentage: 100, delayMs: 1000, maxActiveDelays: 1 }),
    );
    bind(MirrorOptions).toConstantValue(new MirrorOptions({ origin: 'shadow', maxActive: 1 }));
  });
  return {
    listeners: [{ address: ADDRESS, handlers: LEAST_HANDLERS }],
    origins: ORIGINS,
    routes: [{ prefix, origin: 'web' }, { origin: 'web' }],
    filters: [filter],
    modules: [options],
  };
}
