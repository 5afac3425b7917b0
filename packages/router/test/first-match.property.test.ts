import fc from 'fast-check';
import { expect, it } from 'vitest';
import { explainRoute } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { requestFor, tableOf } from './support.ts';

type Match = Omit<RouteDeclaration, 'origin'>;

const SEGMENT = fc.constantFrom('a', 'b', 'ab', 'A', '', 'abc');
const PATH = fc.array(SEGMENT, { minLength: 1, maxLength: 4 }).map((segments) => `/${segments.join('/')}`);
const TEMPLATE = fc
  .tuple(fc.array(fc.constantFrom('a', 'b', 'A', '*'), { minLength: 1, maxLength: 3 }), fc.boolean())
  .map(([segments, hasRest]) => `/${[...segments, ...(hasRest ? ['**'] : [])].join('/')}`);

const MATCH: fc.Arbitrary<Match> = fc
  .record({
    path: fc.oneof(
      PATH.map((exact) => ({ exact })),
      PATH.map((prefix) => ({ prefix })),
      PATH.map((path) => ({ segmentPrefix: path.replace(/\/+$/, '') || '/' })),
      TEMPLATE.map((template) => ({ template })),
      PATH.map((path) => ({ regex: `${path}/?` })),
    ),
    ignoreCase: fc.boolean(),
    methods: fc.option(fc.constant(['GET']), { nil: undefined }),
  })
  .map(({ path, ignoreCase, methods }) => ({ path: { ...path, ignoreCase }, methods }));

/** Asks one after the other, with nothing but strings and JavaScript's own expressions. */
function naive(routes: readonly Match[], method: string, path: string): number | undefined {
  const at = routes.findIndex((route) => {
    if (route.methods !== undefined && !route.methods.includes(method)) return false;
    const { exact, prefix, segmentPrefix, template, regex, ignoreCase = false } = route.path ?? {};
    const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
    if (exact !== undefined) return fold(path) === fold(exact);
    if (prefix !== undefined) return fold(path).startsWith(fold(prefix));
    if (segmentPrefix === '/') return true;
    if (segmentPrefix !== undefined) return `${fold(path)}/`.startsWith(`${fold(segmentPrefix)}/`);
    const source = regex ?? template?.replaceAll('**', '.§').replaceAll('*', '[^/]+').replaceAll('§', '*');
    return new RegExp(`^(?:${source})$`, ignoreCase ? 'i' : '').test(path);
  });
  return at === -1 ? undefined : at;
}

it('the index and explainRoute find the route that asking one after the other finds', () => {
  fc.assert(
    fc.property(fc.array(MATCH, { maxLength: 12 }), fc.array(PATH, { minLength: 1 }), (routes, paths) => {
      const table = tableOf(routes, 'keep');
      for (const path of paths) {
        for (const method of ['GET', 'PUT']) {
          const request = requestFor(path, { method });
          expect(table.find(request)?.index).toBe(naive(routes, method, path));
          expect(explainRoute(table, request).route).toBe(table.find(request));
        }
      }
    }),
    { numRuns: 500 },
  );
});
