import { fakeOrigin, testGateway } from '@sluice/testing';
import type { TestGateway } from '@sluice/testing';
import { expect, it, onTestFinished } from 'vitest';
import { canaryRoutes } from '../../../examples/canary/canary.ts';

it('gives a fifth of the clients the next version', async () => {
  const gateway = await start(20);
  const answers = [];
  for (let client = 0; client < 500; client++) {
    answers.push(await versionFor(gateway, { cookie: `session=${client}` }));
  }
  const share = answers.filter((version) => version === 'next').length / answers.length;

  expect(share).toBeGreaterThan(0.15);
  expect(share).toBeLessThan(0.25);
});

it('keeps a client with the version that it has', async () => {
  const gateway = await start(50);
  const answers = new Set<string>();
  for (let request = 0; request < 20; request++) {
    answers.add(await versionFor(gateway, { cookie: 'session=alice' }));
  }

  expect(answers.size).toBe(1);
});

it('gives testers the next version before anyone has it', async () => {
  const gateway = await start(0);

  expect(await versionFor(gateway, { 'x-canary': 'yes' })).toBe('next');
  expect(await versionFor(gateway, {})).toBe('stable');
});

async function versionFor(gateway: TestGateway, headers: Readonly<Record<string, string>>): Promise<string> {
  return (await gateway.request({ headers })).text;
}

async function start(percent: number): Promise<TestGateway> {
  const origins = { stable: fakeOrigin({ body: 'stable' }), next: fakeOrigin({ body: 'next' }) };
  const gateway = await testGateway({ origins, routes: canaryRoutes(percent) });
  onTestFinished(() => gateway.stop());
  return gateway;
}
