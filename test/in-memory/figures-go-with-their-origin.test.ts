import { originHandlers } from '@sluice/cli';
import type { GatewayDeclaration } from '@sluice/gateway';
import { MetricsRegistry } from '@sluice/handler-metrics';
import { exposition } from '@sluice/handler-metrics/prometheus';
import { fakeOrigin, LEAST_HANDLERS, testGateway } from '@sluice/testing';
import { ContainerModule } from 'inversify';
import { expect, it, onTestFinished } from 'vitest';

const OLD = { name: 'old', servers: [{ host: '10.1.0.1', port: 80 }] };
const WEB = { name: 'web', servers: [{ host: '10.1.1.1', port: 80 }] };

it('those of its exchanges too, and they begin anew with one of its name', async () => {
  const { request, reload, figures } = await started();
  await request('/old');
  await request('/');
  expect(await figures('old')).toContain(completed('old', 1));
  await reload([WEB]);
  expect(await figures('old')).toEqual([]);
  expect(await figures('web')).toContain(completed('web', 1));
  await reload([OLD, WEB]);
  await request('/old');
  await request('/');

  expect(await figures('old')).toContain(completed('old', 1));
  expect(await figures('web')).toContain(completed('web', 2));
});

it('those of as many names as there are room for do not keep later ones from theirs', async () => {
  const { request, reload, figures } = await started();
  for (let at = 0; at < 70; at++) {
    await reload([{ ...OLD, name: `old-${at}` }, WEB]);
    await request('/old');
  }

  expect(await figures('old-69')).toContain(completed('old-69', 1));
  expect(await figures('other')).toEqual([]);
});

function completed(id: string, count: number): string {
  return `client_http_requests_completed_total{id="${id}",reason="SESSION_COMPLETE"} ${count}`;
}

async function started() {
  const registry = new MetricsRegistry();
  const modules = [new ContainerModule(({ bind }) => void bind(MetricsRegistry).toConstantValue(registry))];
  const gateway = await testGateway({
    originHandlers,
    modules,
    origins: { old: fakeOrigin(), web: fakeOrigin() },
    routes: [{ prefix: '/old', origin: 'old' }, { origin: 'web' }],
  });
  onTestFinished(() => gateway.stop());
  const declaration = (origins: readonly (typeof OLD)[]): GatewayDeclaration => ({
    listeners: [{ address: { host: '10.0.0.1', port: 80 }, handlers: LEAST_HANDLERS }],
    originHandlers,
    origins,
    routes: origins.map(({ name }) => ({ prefix: name === 'web' ? '/' : '/old', origin: name })),
    modules,
  });
  return {
    request: (path: string) => gateway.request({ target: path }),
    reload: (origins: readonly (typeof OLD)[]) => gateway.gateway.reload(declaration(origins)),
    figures: async (id: string) =>
      (await exposition(registry)).split('\n').filter((line) => line.includes(`id="${id}"`)),
  };
}
