import { findShadowedRoutes, RouteTable } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tableOf } from './support.ts';

type Match = Omit<RouteDeclaration, 'origin'>;

describe('a route', () => {
  it.each<[Match, Match, boolean]>([
    [{}, { prefix: '/a' }, true],
    [{ prefix: '/a' }, {}, false],
    [{ prefix: '/a' }, { prefix: '/ab' }, true],
    [{ prefix: '/ab' }, { prefix: '/a' }, false],
    [{ prefix: '/a' }, { path: { exact: '/a' } }, true],
    [{ path: { exact: '/a' } }, { path: { exact: '/a' } }, true],
    [{ path: { exact: '/a' } }, { prefix: '/a' }, false],
    [{ path: { segmentPrefix: '/a' } }, { path: { segmentPrefix: '/a/b' } }, true],
    [{ path: { segmentPrefix: '/a' } }, { path: { segmentPrefix: '/ab' } }, false],
    [{ path: { segmentPrefix: '/a' } }, { prefix: '/a' }, false],
    [{ path: { segmentPrefix: '/a' } }, { prefix: '/a/' }, true],
    [{ path: { segmentPrefix: '/a' } }, { path: { template: '/a/{x}' } }, true],
    [{ path: { segmentPrefix: '/a/b' } }, { path: { template: '/a/{x}' } }, false],
    [{ prefix: '/a/b' }, { path: { template: '/a/{x}' } }, false],
    [{ path: { template: '/a/{x}' } }, { path: { exact: '/a/b' } }, true],
    [{ path: { template: '/a/{x}' } }, { path: { template: '/a/{y}' } }, true],
    [{ path: { template: '/a/b' } }, { path: { template: '/a/{y}' } }, false],
    [{ path: { template: '/a/{x=**}' } }, { path: { template: '/a/{y}/b' } }, true],
    [{ path: { template: '/a/{x}' } }, { path: { template: '/a/{y=**}' } }, false],
    [{ path: { template: '/{x}/{y=**}' } }, { path: { template: '/a/{y=**}' } }, true],
    [{}, { path: { regex: '/a.*' } }, true],
    [{ path: { regex: '/.*' } }, { path: { exact: '/a' } }, false],
    [{ path: { prefix: '/A', ignoreCase: true } }, { prefix: '/aB' }, true],
    [{ prefix: '/a' }, { path: { prefix: '/ab', ignoreCase: true } }, false],
    [{ methods: ['GET'] }, {}, false],
    [{}, { methods: ['GET'] }, true],
    [{ methods: ['GET'] }, { methods: ['GET'] }, true],
    [{ methods: ['GET', 'POST'] }, { methods: ['GET'] }, true],
    [{ methods: ['GET'] }, { methods: ['GET', 'POST'] }, false],
    [
      { headers: [{ name: 'X-A', exact: '1' }] },
      { headers: [{ name: 'x-a', exact: '1' }, { name: 'x-b' }] },
      true,
    ],
    [{ headers: [{ name: 'x-a', exact: '1' }] }, { headers: [{ name: 'x-a', exact: '2' }] }, false],
    [{}, { connect: true }, false],
  ])('like %j is reported to hide %j: %s', (earlier, later, expected) => {
    const table = tableOf([earlier, later]);

    expect(findShadowedRoutes(table).map(({ route, by }) => [route.index, by.index])).toEqual(
      expected ? [[1, 0]] : [],
    );
  });

  it('of another virtual host hides nothing', () => {
    const virtualHosts = ['a', 'b'].map((domain) => ({ domains: [domain], routes: [{ origin: 'o' }] }));

    expect(findShadowedRoutes(new RouteTable({ virtualHosts }))).toEqual([]);
  });
});

it('no path leads to a route that is reported', () => {
  const segment = fc.constantFrom('a', 'b', 'A', 'ab');
  const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map((segments) => `/${segments.join('/')}`);
  const parts = fc.constantFrom('a', 'b', '*', '*');
  const template = fc
    .tuple(fc.array(parts, { minLength: 1, maxLength: 2 }), fc.constantFrom('', '/**'))
    .map(([segments, rest]) => ({ template: `/${segments.join('/')}${rest}` }));
  const match = fc
    .tuple(
      fc.oneof(
        path.map((exact) => ({ exact })),
        path.map((prefix) => ({ prefix })),
        path.map((segmentPrefix) => ({ segmentPrefix })),
        template,
      ),
      fc.boolean(),
    )
    .map(([path, ignoreCase]) => ({ path: { ...path, ignoreCase } }));
  fc.assert(
    fc.property(
      fc.array(match, { minLength: 2, maxLength: 8 }),
      fc.array(path, { minLength: 20 }),
      (routes, paths) => {
        const table = tableOf(routes);
        const hidden = new Set(findShadowedRoutes(table).map(({ route }) => route));
        for (const { routes } of table.virtualHosts) {
          for (const path of paths) {
            const taken = routes.find((route) => route.path.matches(path));
            expect(taken !== undefined && hidden.has(taken)).toBe(false);
          }
        }
      },
    ),
    { numRuns: 500 },
  );
});
