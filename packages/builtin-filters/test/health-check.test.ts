import { HealthCheckFilter, HealthCheckOptions, Readiness } from '@sluice/builtin-filters';
import type { SessionContext } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { Client, field, outbound, recorder, request, statusOf } from './support.ts';

describe('the health check', () => {
  it.each([
    { what: 'ready', isReady: () => true, status: 200 },
    { what: 'not ready', isReady: () => false, status: 503 },
    { what: 'ready later', isReady: async () => true, status: 200 },
    { what: 'not ready later', isReady: async () => false, status: 503 },
    { what: 'unable to tell', isReady: () => fail(), status: 503 },
    { what: 'unable to tell later', isReady: async () => fail(), status: 503 },
  ])('answers $status while the gateway is $what', async ({ isReady, status }) => {
    const { client, contexts } = connect({ isReady });

    const response = await client.ask(request('GET', '/healthz?a'));

    expect(statusOf(response)).toBe(status);
    expect(field(response, 'cache-control')).toBe('no-store');
    expect(
      contexts.map(({ statusCategory, answeredBy, error }) => [statusCategory, answeredBy, error]),
    ).toEqual([['SUCCESS', 'health-check', undefined]]);
  });

  it('has a head without a body for HEAD', () => {
    const { client } = connect();

    const response = client.send(request('HEAD', '/healthz'));

    expect(field(response, 'content-length')).toBe('6');
    expect(response).toMatch(/\r\n\r\n$/);
  });

  it.each([
    ['POST', '/healthz'],
    ['GET', '/healthz/'],
    ['GET', '/Healthz'],
    ['GET', '/'],
  ])('leaves %s %s to the origin', (method, path) => {
    const { client } = connect();

    expect(client.send(request(method, path))).toMatch(/fine$/);
  });

  it('has the path that it is given', () => {
    const { client } = connect(new Readiness(), { path: '/up' });

    expect(client.get('/up')).toMatch(/ready\n$/);
    expect(() => new HealthCheckOptions({ path: 'up' })).toThrow(/^health-check: path: /);
  });
});

function connect(
  readiness: Readiness = new Readiness(),
  options: ConstructorParameters<typeof HealthCheckOptions>[0] = {},
): { client: Client; contexts: readonly SessionContext[] } {
  const contexts: SessionContext[] = [];
  const client = new Client({
    filters: [HealthCheckFilter, outbound((_response, context) => void contexts.push(context))],
    endpoint: recorder().endpoint,
    bindings: [
      [HealthCheckOptions, new HealthCheckOptions(options)],
      [Readiness, readiness],
    ],
  });
  return { client, contexts };
}

function fail(): never {
  throw new Error('no');
}
