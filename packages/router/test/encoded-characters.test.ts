import { describe, expect, it } from 'vitest';
import type { AmbiguousPaths, RouteDeclaration } from '@sluice/router';
import { explainRoute, PathMatcher, PathTemplate } from '@sluice/router';
import { requestFor, routed, tableOf } from './support.ts';

/** Who may go past `any` has to be the same whichever way a client writes a path. */
const ROUTES: RouteDeclaration[] = [
  { path: { segmentPrefix: '/@ops' }, origin: 'ops' },
  { path: { segmentPrefix: '/caf%C3%A9' }, origin: 'cafe' },
  { path: { segmentPrefix: '/th%c3%a9' }, origin: 'tea' },
  { path: { exact: '/a(b)' }, response: { status: 403 } },
  { path: { template: '/t/%c3%a9/{id}' }, origin: 'template', rewrite: { path: '/new/{id}' } },
  { path: { segmentPrefix: '/r%C3%A9' }, origin: 'rewritten', rewrite: { prefix: '/v2' } },
  { path: { regex: '/x%C3%A9/[0-9]' }, origin: 'regex' },
  { path: { prefix: '/z%C3%A9', ignoreCase: true }, origin: 'folded' },
  { origin: 'any' },
];

describe('a character of a path that is encoded and may stand plain', () => {
  it.each(['/%40ops/x', '/%40ops', '/%40%6Fps', '/a%28b%29', '/a%28b)', '/%40ops%3Bv=1', '/x/..%3B/%40ops'])(
    'does not lead past a route: %s',
    (path) => {
      expect(() => routed(ROUTES, path)).toThrow('The path can be read in more than one way.');
      expect(() => routed({ routes: ROUTES, ambiguousPaths: 'normalize' }, path)).toThrow(
        'more than one way',
      );
    },
  );

  it.each(['/any%40example', '/a%3Bb', '/%21%22%24%26%27%28%29%2A%2B%2C%3A%3C%3D%3E%5B%5D%5E%60%7B%7C%7D'])(
    'goes on as it came where no other route is at stake: %s',
    (path) => {
      const { target, context } = routed(ROUTES, path);

      expect(target).toBe(path);
      expect(context.origin).toBe('any');
    },
  );

  it.each(['/a%20b', '/caf%C3%A9', '/a%3Fb', '/a%23b', '/a%25b'])('may have to be encoded: %s', (path) => {
    expect(routed(ROUTES, path).target).toBe(path);
  });
});

describe('hex digits of a path', () => {
  it.each<[AmbiguousPaths, string, string, string]>([
    ['refuse', '/caf%c3%a9/x', 'cafe', '/caf%c3%a9/x'],
    ['normalize', '/caf%c3%a9/x', 'cafe', '/caf%C3%A9/x'],
    ['keep', '/caf%c3%A9/x', 'cafe', '/caf%c3%A9/x'],
    ['refuse', '/th%C3%A9', 'tea', '/th%C3%A9'],
    ['refuse', '/th%c3%a9', 'tea', '/th%c3%a9'],
    ['refuse', '/t/%c3%A9/%c3', 'template', '/new/%c3'],
    ['refuse', '/r%c3%a9/%c3', 'rewritten', '/v2/%c3'],
    ['refuse', '/x%c3%a9/1', 'regex', '/x%c3%a9/1'],
    ['refuse', '/Z%c3%a9', 'folded', '/Z%c3%a9'],
  ])('are one in either case: %s %s', (ambiguousPaths, path, origin, target) => {
    const request = routed({ routes: ROUTES, ambiguousPaths }, path);

    expect(request.context.origin).toBe(origin);
    expect(request.target).toBe(target);
  });

  it('are one in either case for what explains a route and for a matcher alone', () => {
    const table = tableOf([{ path: { exact: '/caf%c3%a9' } }]);

    expect(explainRoute(table, requestFor('/caf%C3%a9')).route?.index).toBe(0);
    expect(table.find(requestFor('/caf%c3%A9'))?.index).toBe(0);
    expect(new PathMatcher('exact', '/caf%c3%a9').matches('/caf%C3%A9')).toBe(true);
    expect(new PathTemplate('/%c3%a9/{id}').parameters('/%C3%A9/%c3')).toEqual(new Map([['id', '%c3']]));
  });

  it('are in upper case in a regular expression, which sees no others', () => {
    expect(() => tableOf([{ path: { regex: '/caf%c3%a9' } }])).toThrow(
      'routes[0].path.regex: expected hex digits behind % in upper case, found "/caf%c3%a9"',
    );
    expect(() => tableOf([{ path: { regex: '/caf%c3%a9', ignoreCase: true } }])).not.toThrow();
  });
});
