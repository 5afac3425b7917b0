import { HttpStatusError } from '@sluice/filters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AmbiguousPaths, RouteDeclaration } from '@sluice/router';
import { isAmbiguous, normalizePath, readingsOf } from '../src/match/path-readings.ts';
import { routed } from './support.ts';

const ROUTES: RouteDeclaration[] = [
  { path: { segmentPrefix: '/admin' }, origin: 'admin' },
  { path: { segmentPrefix: '/api' }, origin: 'api', rewrite: { prefix: '/v2' } },
  { origin: 'any' },
];

describe('a path that servers read in different ways', () => {
  it.each([
    '/x/../admin',
    '/x/%2e%2E/admin',
    '/%61dmin',
    '//admin',
    '/.//admin/x',
    '/./admin',
    '/x/..;/admin',
    '/x/..;a=b/admin',
    '/admin;x=1',
    '/x/..%2Fadmin',
    '/x%2f..%5cadmin',
    '/%2fadmin',
    '/admin%2Fx',
    '/admin/..',
    '/admin/../x',
    '/admin/%2e%2e/x',
  ])('is refused when one reading is another route: %s', (path) => {
    const error = errorOf(path);

    expect(error).toBeInstanceOf(HttpStatusError);
    expect(error).toMatchObject({ status: 400, message: 'The path can be read in more than one way.' });
  });

  it.each([
    '/a/../b',
    '//example.test@evil.test/%2e%2e',
    '/a%2Fb%5Cc',
    '/a/..;/b;x=1',
    '/%c0%ae/x',
    '/caf%C3%A9',
    '/a.b/..c',
  ])('goes on as it came when all readings are of one route: %s', (path) => {
    const { target, context } = routed(ROUTES, path);

    expect(target).toBe(path);
    expect(context.origin).toBe('any');
  });

  it.each(['/api/./x', '/api/a/../b', '/api/%2e/x', '/api/..%2fapi/x'])(
    'is refused when the route rewrites what dot segments would leave: %s',
    (path) => {
      expect(errorOf(path)).toMatchObject({ status: 400 });
    },
  );

  it('is rewritten when it has no dot segments', () => {
    expect(routed(ROUTES, '/api/a%2Fb').target).toBe('/v2/a%2Fb');
  });

  it.each([
    ['/x/../admin?q=/../', 'admin', '/admin?q=/../'],
    ['//admin', 'admin', '/admin'],
    ['/%61dmin/%7euser', 'admin', '/admin/~user'],
    ['/api/a/../b', 'api', '/v2/b'],
    ['/../../x', 'any', '/x'],
    ['/a%20b', 'any', '/a%20b'],
  ])('is put into normal form on request, matched and forwarded so: %s', (path, origin, target) => {
    const request = routed({ routes: ROUTES, ambiguousPaths: 'normalize' }, path);

    expect(request.context.origin).toBe(origin);
    expect(request.target).toBe(target);
  });

  it('is refused also in normal form when a server may still read another route', () => {
    expect(errorOf('/x/..%2Fadmin', 'normalize')).toMatchObject({ status: 400 });
  });

  it('is taken as it came on request', () => {
    const { target, context } = routed({ routes: ROUTES, ambiguousPaths: 'keep' }, '/x/../admin');

    expect(target).toBe('/x/../admin');
    expect(context.origin).toBe('any');
  });
});

describe('the normal form', () => {
  it.each([
    ['/a/b/../c', '/a/c'],
    ['/a/./b/.', '/a/b/'],
    ['/a/b/..', '/a/'],
    ['/..', '/'],
    ['/a//b///', '/a/b/'],
    ['/%41%2D%2e%5f%7E', '/A-._~'],
    ['/%2F%5C%3B', '/%2F%5C%3B'],
    ['/%252e', '/%252e'],
    ['/caf%c3%a9', '/caf%C3%A9'],
    ['/%40ops', '/%40ops'],
  ])('of %s is %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('is its own normal form', () => {
    fc.assert(
      fc.property(paths(), (path) => {
        const normal = normalizePath(path);

        expect(normalizePath(normal)).toBe(normal);
        expect(normal.split('/')).not.toContain('..');
        expect(normal).not.toMatch(/\/\/|\/\.(?:\/|$)/);
      }),
    );
  });
});

it('a path without other readings is not ambiguous, and one with them is', () => {
  fc.assert(
    fc.property(paths(), (path) => !(readingsOf(path).length > 0 && !isAmbiguous(path))),
    { numRuns: 2000 },
  );
});

function paths(): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    '/',
    '/',
    '.',
    '..',
    ';',
    'a',
    '%2e',
    '%2F',
    '%5c',
    '%61',
    '%20',
    '%7E',
    '%5f',
    '%4f',
    '%50',
    '%7a',
    '%40',
    '%3b',
    '%28',
    '%7C',
    '%c3',
    '%A9',
  );
  return fc.array(piece, { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
}

function errorOf(path: string, ambiguousPaths: AmbiguousPaths = 'refuse'): unknown {
  try {
    return routed({ routes: ROUTES, ambiguousPaths }, path);
  } catch (cause) {
    return cause;
  }
}
