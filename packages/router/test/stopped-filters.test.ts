import { HealthCheckFilter } from '@sluice/builtin-filters';
import { Filter } from '@sluice/filters';
import type { HttpRequestMessage, InboundFilter, SessionContext } from '@sluice/filters';
import { fakeOrigin, testGateway } from '@sluice/testing';
import { describe, expect, it, onTestFinished } from 'vitest';

@Filter({ type: 'inbound' })
class StopFilters implements InboundFilter {
  apply(_request: HttpRequestMessage, context: SessionContext): void {
    context.stopFilterProcessing = true;
  }
}

const virtualHosts = [
  {
    domains: ['*'],
    responseHeaders: { set: { 'strict-transport-security': 'max-age=1' } },
    routes: [
      { prefix: '/forbidden', response: { status: 403 } },
      { path: { exact: '/old' }, redirect: { path: '/new' } },
      {
        prefix: '/api',
        origin: 'api',
        rewrite: { prefix: '/v1' },
        requestHeaders: { remove: ['x-secret'] },
      },
      { origin: 'api' },
    ],
  },
];

describe('a filter that has the others skipped', () => {
  it('does not have the route skipped, which is no filter of a user', async () => {
    const { api, ask } = await started([StopFilters]);
    const response = await ask('/api/x');

    expect(response.headers.get('strict-transport-security')).toBe('max-age=1');
    expect(api.requests[0]?.target).toBe('/v1/x');
    expect(api.requests[0]?.headers.has('x-secret')).toBe(false);
    expect([(await ask('/forbidden')).status, (await ask('/old')).status]).toEqual([403, 301]);
  });

  it('gets the fields of the virtual host for what it answers itself', async () => {
    const { ask } = await started([HealthCheckFilter]);
    const response = await ask('/healthz');

    expect(response.status).toBe(200);
    expect(response.headers.get('strict-transport-security')).toBe('max-age=1');
  });
});

async function started(filters: readonly (typeof StopFilters | typeof HealthCheckFilter)[]) {
  const api = fakeOrigin({ body: 'hello' });
  const gateway = await testGateway({ origins: { api }, filters, virtualHosts });
  onTestFinished(() => gateway.stop());
  return { api, ask: (target: string) => gateway.request({ target, headers: { 'x-secret': 's' } }) };
}
