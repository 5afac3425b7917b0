import { describe, expect, it } from 'vitest';
import { RouteTable } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { loadRegexEngine } from '../src/match/regex.ts';
import { indexOfRoute, requestFor, tableOf } from './support.ts';
import type { Asked } from './support.ts';

type Match = Omit<RouteDeclaration, 'origin'>;

describe('a path', () => {
  it.each<[Match, string, boolean]>([
    [{}, '/anything', true],
    [{}, '*', true],
    [{ prefix: '/ap' }, '/apx', true],
    [{ prefix: '/ap' }, '/a', false],
    [{ prefix: '/ap' }, '/Ap', false],
    [{ path: { prefix: '/ap', ignoreCase: true } }, '/APX', true],
    [{ path: { exact: '/a' } }, '/a', true],
    [{ path: { exact: '/a' } }, '/a?x=1', true],
    [{ path: { exact: '/a' } }, '/a/', false],
    [{ path: { exact: '/a' } }, '/A', false],
    [{ path: { exact: '/aB', ignoreCase: true } }, '/Ab', true],
    [{ path: { segmentPrefix: '/api' } }, '/api', true],
    [{ path: { segmentPrefix: '/api' } }, '/api/', true],
    [{ path: { segmentPrefix: '/api' } }, '/api/x', true],
    [{ path: { segmentPrefix: '/api' } }, '/apix', false],
    [{ path: { segmentPrefix: '/' } }, '/x', true],
    [{ path: { segmentPrefix: '/api', ignoreCase: true } }, '/API/x', true],
    [{ path: { template: '/users/{id}' } }, '/users/7', true],
    [{ path: { template: '/users/{id}' } }, '/users/', false],
    [{ path: { template: '/users/{id}' } }, '/users', false],
    [{ path: { template: '/users/{id}' } }, '/users/7/', false],
    [{ path: { template: '/users/{id=*}/posts/{rest=**}' } }, '/users/7/posts/a/b', true],
    [{ path: { template: '/users/{id}/posts/{rest=**}' } }, '/users/7/posts/', true],
    [{ path: { template: '/users/{id}/posts/{rest=**}' } }, '/users/7/posts', false],
    [{ path: { template: '/**' } }, '/', true],
    [{ path: { template: '/*/b' } }, '/a/b', true],
    [{ path: { template: '/Users/{id}', ignoreCase: true } }, '/uSERS/7', true],
    [{ path: { template: '/Users/{id}' } }, '/users/7', false],
    [{ path: { regex: '/v[12]/.*' } }, '/v2/x', true],
    [{ path: { regex: '/v[12]' } }, '/v2/x', false],
    [{ path: { regex: 'v[12]' } }, '/v2', false],
    [{ path: { regex: '/V[12]', ignoreCase: true } }, '/v2', true],
  ])('%j takes %s: %s', (match, target, expected) => {
    expect(indexOfRoute([match], target) === 0).toBe(expected);
  });

  it('of a regular expression that would keep a backtracking engine busy is decided at once', () => {
    expect(indexOfRoute([{ path: { regex: '/(a+)+b' } }], `/${'a'.repeat(4000)}`)).toBeUndefined();
  });
});

it('a regular expression says what to install when its engine is not there', () => {
  expect(() => loadRegexEngine('not-installed')).toThrow(
    'they need the optional package not-installed, which is not installed (npm install not-installed)',
  );
});

describe('a method', () => {
  it.each([
    ['GET', 0],
    ['POST', 0],
    ['HEAD', undefined],
    ['get', undefined],
  ])('%s', (method, expected) => {
    expect(indexOfRoute([{ methods: ['GET', 'POST'] }], '/', { method })).toBe(expected);
  });

  it.each([
    [{}, undefined],
    [{ connect: true }, 0],
  ])('CONNECT is for routes that allow it: %j', (route, expected) => {
    expect(indexOfRoute([route], 'a.test:443', { method: 'CONNECT' })).toBe(expected);
  });
});

describe('a header field', () => {
  type Header = NonNullable<RouteDeclaration['headers']>[number];
  it.each<[Omit<Header, 'name'>, string | undefined, boolean]>([
    [{}, 'v', true],
    [{}, undefined, false],
    [{ present: false }, undefined, true],
    [{ present: false }, 'v', false],
    [{ exact: 'v' }, 'v', true],
    [{ exact: 'v' }, 'V', false],
    [{ exact: 'v', ignoreCase: true }, 'V', true],
    [{ exact: 'v' }, undefined, false],
    [{ prefix: 'ab' }, 'abc', true],
    [{ suffix: 'bc' }, 'abc', true],
    [{ contains: 'b' }, 'abc', true],
    [{ contains: 'x' }, 'abc', false],
    [{ regex: 'a.c' }, 'abc', true],
    [{ regex: 'b' }, 'abc', false],
    [{ regex: 'ABC', ignoreCase: true }, 'abc', true],
    [{ range: { from: 1, to: 3 } }, '1', true],
    [{ range: { from: 1, to: 3 } }, '3', false],
    [{ range: { from: -3, to: 3 } }, '-2', true],
    [{ range: { from: 1, to: 3 } }, '1.5', false],
    [{ range: { from: 0, to: 3 } }, '', false],
    [{ exact: 'v', invert: true }, 'w', true],
    [{ exact: 'v', invert: true }, 'v', false],
    [{ exact: 'v', invert: true }, undefined, true],
  ])('%j takes %j: %s', (match, value, expected) => {
    const headers = value === undefined ? {} : { 'X-Test': value };

    expect(indexOfRoute([{ headers: [{ name: 'x-tEst', ...match }] }], '/', { headers }) === 0).toBe(
      expected,
    );
  });

  it('is compared as one value when there are several', () => {
    const request = requestFor('/');
    request.headers.add('x-a', '1').add('x-a', '2');

    expect(tableOf([{ headers: [{ name: 'x-a', exact: '1,2' }] }]).find(request)).toBeDefined();
  });

  it('must match beside all others', () => {
    const routes = [{ headers: [{ name: 'x-a' }, { name: 'x-b' }] }];

    expect(indexOfRoute(routes, '/', { headers: { 'x-a': '1' } })).toBeUndefined();
    expect(indexOfRoute(routes, '/', { headers: { 'x-a': '1', 'x-b': '1' } })).toBe(0);
  });
});

describe('a query parameter', () => {
  type Query = NonNullable<RouteDeclaration['query']>[number];
  it.each<[Query, string, boolean]>([
    [{ name: 'a' }, '/?a', true],
    [{ name: 'a' }, '/?b=a', false],
    [{ name: 'a' }, '/', false],
    [{ name: 'a', exact: '1' }, '/?b=2&a=1', true],
    [{ name: 'a', exact: '1' }, '/?a=2&a=1', false],
    [{ name: 'a', exact: '' }, '/?a&b=1', true],
    [{ name: 'a b', exact: 'c d' }, '/?a+b=c%20d', true],
    [{ name: 'a', exact: 'x' }, '/?%61=%78', true],
    [{ name: 'a', exact: '100%' }, '/?a=100%', true],
    [{ name: 'a', regex: '[0-9]+' }, '/?&&a=12', true],
    [{ name: 'a', exact: '1=2' }, '/?a=1=2', true],
    [{ name: '__proto__', present: false }, '/?a=1', true],
  ])('%j takes %s: %s', (match, target, expected) => {
    expect(indexOfRoute([{ query: [match] }], target) === 0).toBe(expected);
  });
});

describe('of several routes that match', () => {
  const routes: Match[] = [
    { path: { exact: '/a/b' }, methods: ['POST'] },
    { path: { template: '/{x}/b' }, headers: [{ name: 'x-t' }] },
    { path: { regex: '/a/[bc]' }, query: [{ name: 'q' }] },
    { path: { segmentPrefix: '/a' }, methods: ['GET'] },
    { path: { prefix: '/A', ignoreCase: true } },
    { prefix: '/' },
    { path: { exact: '/never' } },
  ];
  it.each<[string, Asked, number]>([
    ['/a/b', { method: 'POST' }, 0],
    ['/a/b', { headers: { 'x-t': '1' } }, 1],
    ['/a/c?q', {}, 2],
    ['/a/c', {}, 3],
    ['/a/c', { method: 'PUT' }, 4],
    ['/b', {}, 5],
    ['/never', {}, 5],
  ])('the first is taken: %s %j', (target, asked, expected) => {
    expect(indexOfRoute(routes, target, asked)).toBe(expected);
  });
});

it('a table of no routes is empty and finds nothing', () => {
  const table = new RouteTable({});

  expect(table.isEmpty).toBe(true);
  expect(table.find(requestFor('/'))).toBeUndefined();
});
