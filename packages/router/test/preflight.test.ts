import { describe, expect, it } from 'vitest';
import { explainRoute } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { indexOfRoute, requestFor, tableOf } from './support.ts';
import type { Asked } from './support.ts';

type Declared = Omit<RouteDeclaration, 'origin'>;

const ORIGIN = { origin: 'https://a.example' };

describe('a CORS preflight', () => {
  it.each<[string, readonly Declared[], string, number | undefined]>([
    ['of a method', [{ prefix: '/a', methods: ['GET'] }, {}], 'GET', 0],
    ['of another method', [{ prefix: '/a', methods: ['GET'] }, {}], 'PUT', 1],
    ['of a method that alone has a route', [{ methods: ['PUT'] }], 'PUT', 0],
    ['of a method without a route', [{ methods: ['PUT'] }], 'GET', undefined],
    ['whose route is declared for OPTIONS', [{ methods: ['GET'] }, { methods: ['OPTIONS'] }], 'GET', 1],
    ['which a route for all methods comes before', [{}, { methods: ['OPTIONS'] }], 'GET', 0],
    ['whose fields another route wants', [{ methods: ['GET'], headers: [{ name: 'x-a' }] }, {}], 'GET', 1],
  ])('%s takes the route of the request that it asks about', (_what, routes, method, index) => {
    const asked = preflightOf(method);
    const table = tableOf(routes);

    expect(table.find(requestFor('/a', asked))?.index).toBe(index);
    expect(explainRoute(table, requestFor('/a', asked)).route?.index).toBe(index);
  });

  it.each<Asked>([
    { method: 'OPTIONS' },
    { method: 'OPTIONS', headers: ORIGIN },
    { method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } },
    { method: 'POST', headers: { ...ORIGIN, 'access-control-request-method': 'GET' } },
  ])('is no other request: %j', (asked) => {
    expect(indexOfRoute([{ methods: ['GET'] }, {}], '/', asked)).toBe(1);
  });

  it('is explained by the method that it asks about', () => {
    const table = tableOf([{ methods: ['PUT'] }, { methods: ['GET'] }]);

    expect(explainRoute(table, requestFor('/', preflightOf('GET'))).passedOver).toEqual([
      { route: 'default[0]', place: 'routes[0]', because: 'not method PUT' },
    ]);
  });
});

function preflightOf(method: string): Asked {
  return { method: 'OPTIONS', headers: { ...ORIGIN, 'access-control-request-method': method } };
}
