import { describe, expect, it } from 'vitest';
import { UPSTREAM_POLICY } from '@sluice/origin';
import { HttpResponseMessage } from '@sluice/filters';
import { DirectResponse, PATH_PARAMETERS, ROUTE, RouteResponseFilter } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { messageFor, routed } from './support.ts';
import type { Asked } from './support.ts';

type Rewrite = NonNullable<RouteDeclaration['rewrite']>;
type Redirect = NonNullable<RouteDeclaration['redirect']>;
type Path = NonNullable<RouteDeclaration['path']>;

describe('a rewrite', () => {
  it.each<[Path, Rewrite, string, string]>([
    [{ prefix: '/api' }, { prefix: '/v2' }, '/api/x?q=1', '/v2/x?q=1'],
    [{ prefix: '/api' }, { prefix: '/v2' }, '/apix', '/v2x'],
    [{ segmentPrefix: '/api' }, { prefix: '/' }, '/api', '/'],
    [{ segmentPrefix: '/api' }, { prefix: '/' }, '/api/x', '/x'],
    [{ prefix: '/api/' }, { prefix: '/' }, '/api/x', '/x'],
    [{ prefix: '/api/' }, { prefix: '/v2' }, '/api/x', '/v2/x'],
    [{ prefix: '/' }, { prefix: '/v2' }, '/x', '/v2/x'],
    [{ prefix: '/' }, { prefix: '/v2' }, '/', '/v2'],
    [{ prefix: '/API', ignoreCase: true }, { prefix: '/v2' }, '/Api/X', '/v2/X'],
    [{ exact: '/old' }, { prefix: '/new' }, '/old?a', '/new?a'],
    [{ template: '/a/{id}/b/{rest=**}' }, { path: '/{rest}/of/{id}' }, '/a/7/b/c/d?q', '/c/d/of/7?q'],
    [{ template: '/A/{id}', ignoreCase: true }, { path: '/{id}' }, '/a/Seven', '/Seven'],
    [{ regex: '/a.*' }, { path: '/b' }, '/abc?q', '/b?q'],
  ])('of %j by %j makes of %s %s', (path, rewrite, target, expected) => {
    expect(routed([{ path, origin: 'o', rewrite }], target).target).toBe(expected);
  });

  it('of the host is what the origin gets', () => {
    const request = routed([{ origin: 'o', rewrite: { host: 'internal.example:8080' } }], '/');

    expect(request.authority).toBe('internal.example:8080');
  });

  it('leaves the path of a request about the server as a whole alone', () => {
    expect(routed([{ origin: 'o', rewrite: { prefix: '/v2' } }], '*', { method: 'OPTIONS' }).target).toBe(
      '*',
    );
  });
});

describe('a redirect', () => {
  it.each<[Path, Redirect, string, string, Asked?]>([
    [{ prefix: '/' }, { scheme: 'https' }, '/x?q', 'https://a.example/x?q'],
    [{ prefix: '/' }, { scheme: 'https' }, '/', 'https://a.example/', { authority: 'a.example:80' }],
    [{ prefix: '/' }, { scheme: 'https' }, '/', 'https://a.example:8080/', { authority: 'a.example:8080' }],
    [{ prefix: '/' }, { scheme: 'https', port: 443 }, '/', 'https://a.example/', { authority: 'a:8080' }],
    [{ prefix: '/' }, { host: 'b.example' }, '/x', 'http://b.example/x', { authority: 'a:8080' }],
    [{ prefix: '/' }, { port: 8443, scheme: 'https' }, '/', 'https://a.example:8443/'],
    [{ prefix: '/' }, { host: 'b.example', stripQuery: true }, '/x?q', 'http://b.example/x'],
    [{ exact: '/a' }, { path: '/b' }, '/a?q', '/b?q'],
    [{ segmentPrefix: '/old' }, { prefix: '/new' }, '/old/x', '/new/x'],
    [{ template: '/u/{id}' }, { path: '/users/{id}' }, '/u/7', '/users/7'],
    [{ prefix: '/' }, { scheme: 'https' }, '*', 'https://a.example/', { method: 'OPTIONS' }],
    [{ prefix: '/' }, { scheme: 'https' }, '/', 'https://[::1]/', { authority: '[::1]' }],
  ])('of %j by %j sends %s to %s', (path, redirect, target, location, asked = {}) => {
    const authority = asked.authority === 'a:8080' ? 'a.example:8080' : (asked.authority ?? 'a.example');
    const { context } = routed([{ path, redirect }], target, { ...asked, authority });

    expect(context.staticResponse?.headers.get('location')).toBe(location);
    expect(context.staticResponse?.status).toBe(301);
    expect(context.origin).toBeUndefined();
    expect(context.responseCodeDetails).toBe('direct_response');
  });

  it('never names a host of the client’s choice', () => {
    const routes: RouteDeclaration[] = [{ path: { prefix: '/old' }, redirect: { prefix: '/' } }];
    const { context } = routed({ routes, ambiguousPaths: 'keep' }, '/old///evil.example/x');

    expect(context.staticResponse?.headers.get('location')).toBe('/evil.example/x');
  });

  it.each([302, 303, 307, 308] as const)('may have the status %d', (status) => {
    const { context } = routed([{ redirect: { scheme: 'https', status } }], '/');

    expect(context.staticResponse?.status).toBe(status);
  });
});

describe('a direct response', () => {
  it('has its status, body and fields, and a text type when it names none', () => {
    const { context } = routed(
      [{ response: { status: 503, body: 'später', headers: { 'retry-after': '9' } } }],
      '/',
    );

    expect(context.staticResponse?.status).toBe(503);
    expect(context.staticResponse?.bodyAsText).toBe('später');
    expect([...(context.staticResponse?.headers ?? [])]).toEqual([
      ['retry-after', '9'],
      ['content-type', 'text/plain; charset=utf-8'],
    ]);
  });

  it('is made anew for each request', () => {
    const response = new DirectResponse({ status: 200, headers: { 'x-a': '1' } });
    const { context } = messageFor('/');
    response.responseFor(context).headers.set('x-a', '2');

    expect(response.responseFor(context).headers.get('x-a')).toBe('1');
  });
});

describe('weighted origins', () => {
  const origins = [
    { origin: 'a', weight: 1 },
    { origin: 'off', weight: 0 },
    { origin: 'b', weight: 3 },
  ];

  it.each([
    [0, 'a'],
    [0.2499, 'a'],
    [0.25, 'b'],
    [0.9999, 'b'],
  ])('a chance of %d takes %s', (chance, origin) => {
    expect(routed([{ origins }], '/', { random: () => chance }).context.origin).toBe(origin);
  });

  it('share clients evenly, and keep each with its origin', () => {
    const chosen = Array.from({ length: 4000 }, (_, user) => {
      const asked = { headers: { 'x-user': `user-${user}` }, random: () => 0.5 };
      const routes: RouteDeclaration[] = [{ origins, sticky: { header: 'x-user' } }];
      const first = routed(routes, '/', asked).context.origin;
      if (user < 50) expect(routed(routes, '/', asked).context.origin).toBe(first);
      return first;
    });

    const share = chosen.filter((origin) => origin === 'a').length / chosen.length;
    expect(share).toBeGreaterThan(0.22);
    expect(share).toBeLessThan(0.28);
  });

  it('stick to a cookie, and go by chance without it', () => {
    const routes: RouteDeclaration[] = [{ origins, sticky: { cookie: 'id' } }];
    const withCookie = (chance: number) =>
      routed(routes, '/', { headers: { cookie: 'xid=9; id=7' }, random: () => chance }).context.origin;

    expect(withCookie(0)).toBe(withCookie(0.99));
    expect(routed(routes, '/', { random: () => 0 }).context.origin).toBe('a');
    expect(routed(routes, '/', { random: () => 0.99 }).context.origin).toBe('b');
  });

  it('stick to the address of the client, and go by chance where it has none', () => {
    const routes: RouteDeclaration[] = [{ origins, sticky: { source: true } }];
    const from = (client: string | undefined, chance: number) =>
      routed(routes, '/', { ...(client !== undefined && { client }), random: () => chance }).context.origin;

    const clients = Array.from({ length: 64 }, (_, host) => `192.0.2.${host}`);
    for (const client of clients) expect(from(client, 0)).toBe(from(client, 0.99));
    expect(new Set(clients.map((client) => from(client, 0)))).toEqual(new Set(['a', 'b']));
    expect([from(undefined, 0), from(undefined, 0.99)]).toEqual(['a', 'b']);
  });
});

describe('header fields', () => {
  it('of requests are removed, then set, then added; the route has the last word', () => {
    const request = routed(
      {
        virtualHosts: [
          {
            domains: ['*'],
            requestHeaders: { set: { 'x-a': 'host', 'x-b': 'host' }, add: { 'x-c': 'host' } },
            routes: [
              {
                origin: 'o',
                requestHeaders: {
                  remove: ['x-b', 'x-client'],
                  set: { 'x-a': 'route' },
                  add: { 'x-c': 'route' },
                },
              },
            ],
          },
        ],
      },
      '/',
      { headers: { 'x-client': '1', 'x-a': 'client' } },
    );

    expect([...request.headers]).toEqual([
      ['x-a', 'route'],
      ['x-c', 'host'],
      ['x-c', 'route'],
    ]);
  });

  it('of responses are changed, also of those that are made here', () => {
    const { context } = routed(
      [{ response: { status: 200 }, responseHeaders: { set: { 'x-a': '1' } } }],
      '/',
    );
    const response = HttpResponseMessage.make(context, { status: 200 });
    const filter = new RouteResponseFilter();

    expect(filter.shouldFilter(response, context)).toBe(true);
    filter.apply(response, context);
    expect(response.headers.get('x-a')).toBe('1');
  });
});

describe('the context of a request', () => {
  it('knows the name, the route and the parameters', () => {
    const { context } = routed(
      [{ name: 'user', path: { template: '/u/{id}/**' }, origin: 'o' }],
      '/u/%37/x?q',
    );

    expect(context.routeName).toBe('user');
    expect(context.get(ROUTE)?.place).toBe('routes[0]');
    expect([...(context.get(PATH_PARAMETERS) ?? [])]).toEqual([['id', '%37']]);
  });

  it('has the policy of the virtual host and the route for the origin side', () => {
    const { context } = routed(
      {
        virtualHosts: [
          {
            domains: ['*'],
            upstream: { timeoutMs: 1, perTryTimeoutMs: 2 },
            routes: [{ origin: 'o', upstream: { timeoutMs: 3 } }],
          },
        ],
      },
      '/',
    );

    expect(context.get(UPSTREAM_POLICY)).toEqual({ timeoutMs: 3, perTryTimeoutMs: 2 });
  });

  it('has the filters that the virtual host and the route turn on and off', () => {
    const { context } = routed(
      {
        virtualHosts: [
          {
            domains: ['*'],
            filters: { a: true, b: true },
            routes: [{ origin: 'o', filters: { b: false } }],
          },
        ],
      },
      '/',
    );

    expect([...(context.filterOverrides ?? [])]).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  it('leaves a request without a route alone', () => {
    const { context } = routed([{ prefix: '/a', origin: 'o' }], '/b');

    expect(context.routeName).toBeUndefined();
    expect(context.origin).toBeUndefined();
  });
});

describe('an upgrade', () => {
  it.each([
    [undefined, 'websocket', 'websocket'],
    [[], 'websocket', undefined],
    [['other'], 'other', 'other'],
  ])('is left to the client when the route allows it: %j %s', (upgrades, upgrade, expected) => {
    const { outboundRequest } = routed([{ origin: 'o', upgrades }], '/', { upgrade });

    expect(outboundRequest.upgrade).toBe(expected);
  });
});
