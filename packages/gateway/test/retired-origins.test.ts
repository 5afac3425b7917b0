import { setImmediate as nextTurn } from 'node:timers/promises';
import { fakeOrigin, LEAST_HANDLERS, testGateway } from '@sluice/testing';
import type { TestGateway } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';
import type { GatewayDeclaration } from '../src/index.ts';

const ADDRESS = { host: '10.0.0.1', port: 80 };
// More than a reload takes.
const TURNS = 10;

it('origins that were replaced are checked no more while requests of before are under way', async () => {
  const web = fakeOrigin(({ target }) => (target === '/held' ? undefined : {}));
  const gateway = await testGateway({ origins: { web }, routes: [{ origin: 'web' }] });
  onTestFinished(() => gateway.stop());
  for (const maxRequests of [11, 12, 13]) {
    await reload(gateway, maxRequests);
    gateway.connect().send({ target: '/held' });
    gateway.turn();
  }
  await reload(gateway, 14);
  const before = checksOf(web);
  for (let second = 0; second < 5; second++) gateway.advance(1000);

  expect(web.requests.filter(({ target }) => target === '/held')).toHaveLength(3);
  expect(checksOf(web) - before).toBe(5);
});

/** Time passes meanwhile: the servers are checked first. */
async function reload(test: TestGateway, maxRequests: number): Promise<void> {
  const reloading = test.gateway.reload(declaration(maxRequests));
  for (let turn = 0; turn < TURNS; turn++) {
    test.advance(1);
    await nextTurn();
  }
  await reloading;
}

function checksOf({ requests }: ReturnType<typeof fakeOrigin>): number {
  return requests.filter(({ target }) => target === '/health').length;
}

function declaration(maxRequests: number): GatewayDeclaration<readonly [typeof LEAST_HANDLERS]> {
  return {
    listeners: [{ address: ADDRESS, handlers: LEAST_HANDLERS }],
    origins: [
      {
        name: 'web',
        servers: [{ host: '10.1.0.1', port: 80 }],
        options: { maxRequests },
        healthCheck: { path: '/health', intervalMs: 1000 },
      },
    ],
    routes: [{ origin: 'web' }],
  };
}
