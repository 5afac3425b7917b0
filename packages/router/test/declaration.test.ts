import { RouteError, routerSchema, RouteTable } from '@sluice/router';
import type { RouteDeclaration, RouterDeclaration } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

describe('a route is refused', () => {
  it.each<[unknown, string]>([
    [
      {},
      'routes[0]: expected exactly one of origin, origins, redirect, response, but there is none, found {}',
    ],
    [
      { origin: 'a', response: { status: 200 } },
      'routes[0]: expected exactly one of origin, origins, redirect, response, but there is origin and response, found {',
    ],
    [{ origin: 5 }, 'routes[0].origin: expected string, found 5'],
    [{ origin: '' }, 'routes[0].origin: expected a text of a length of at least 1, found ""'],
    [{ origin: 'a\u0007' }, 'routes[0].origin: expected a name without control characters, found "a\\u0007"'],
    [
      { name: 'a\n', origin: 'a' },
      'routes[0].name: expected a name without control characters, found "a\\n"',
    ],
    [{ vipp: 'a', origin: 'a' }, 'routes[0]: expected no other keys than name, prefix, path,'],
    [{ host: 'a', origin: 'a' }, 'found "host"'],
    [
      { prefix: 'api', origin: 'a' },
      'routes[0].prefix: expected a path that begins with "/", without a query, found "api"',
    ],
    [{ prefix: '/a?b', origin: 'a' }, 'routes[0].prefix: expected a path'],
    [{ prefix: '/a#b', origin: 'a' }, 'routes[0].prefix: expected a path'],
    [{ prefix: '/ä', origin: 'a' }, 'routes[0].prefix: expected a path'],
    [{ prefix: '/a b', origin: 'a' }, 'routes[0].prefix: expected a path'],
    [{ prefix: '/a\\b', origin: 'a' }, 'routes[0].prefix: expected a path'],
    [{ prefix: '/', path: { exact: '/' }, origin: 'a' }, 'routes[0]: expected prefix or path, not both'],
    [
      { path: '/a', origin: 'a' },
      'routes[0].path: expected a map with exact, prefix, segmentPrefix, template, regex, ignoreCase, found "/a"',
    ],
    [
      { path: {}, origin: 'a' },
      'routes[0].path: expected exactly one of exact, prefix, segmentPrefix, template, regex, but there is none',
    ],
    [{ path: { exact: '/', prefix: '/' }, origin: 'a' }, 'but there is exact and prefix'],
    [
      { path: { segmentPrefix: '/a/' }, origin: 'a' },
      'routes[0].path.segmentPrefix: expected no slash at its end, found "/a/"',
    ],
    [
      { path: { template: '/a/{id}.json' }, origin: 'a' },
      'routes[0].path.template: expected a whole segment or {name} or {name=**} in place of "{id}.json", found "/a/{id}.json"',
    ],
    [
      { path: { template: '/{a=**}/b' }, origin: 'a' },
      'routes[0].path.template: expected "{a=**}" at the end',
    ],
    [
      { path: { template: '/{a}/{a}' }, origin: 'a' },
      'routes[0].path.template: expected one parameter named "a"',
    ],
    [
      { path: { regex: '/(a' }, origin: 'a' },
      'routes[0].path.regex: expected a regular expression in RE2 syntax (error parsing regexp: missing closing ): `/(a`), found "/(a"',
    ],
    [
      { path: { regex: '/(?=a)' }, origin: 'a' },
      'routes[0].path.regex: expected a regular expression in RE2 syntax',
    ],
    [{ methods: ['get'], origin: 'a' }, 'routes[0].methods[0]: expected a method in upper case, found "get"'],
    [{ methods: [], origin: 'a' }, 'routes[0].methods: expected at least one method, found []'],
    [
      { headers: [{ name: 'a b' }], origin: 'a' },
      'routes[0].headers[0].name: expected the name of a field, found "a b"',
    ],
    [
      { headers: [{ name: 'a', exact: '1', prefix: '1' }], origin: 'a' },
      'routes[0].headers[0]: expected exactly one of exact, prefix,',
    ],
    [
      { headers: [{ name: 'a', regex: '(' }], origin: 'a' },
      'routes[0].headers[0].regex: expected a regular expression',
    ],
    [
      { headers: [{ name: 'a', range: { from: 3, to: 3 } }], origin: 'a' },
      'routes[0].headers[0].range.to: expected more than 3, found 3',
    ],
    [{ query: [{ exact: '1' }], origin: 'a' }, 'routes[0].query[0].name: expected string, found nothing'],
    [{ origins: [] }, 'routes[0].origins: expected at least one origin with a weight above 0, found []'],
    [{ origins: [{ origin: 'a', weight: 0 }] }, 'expected at least one origin with a weight above 0'],
    [
      { origins: [{ origin: 'a', weight: -1 }] },
      'routes[0].origins[0].weight: expected at least 0, found -1',
    ],
    [{ origins: [{ origin: 'a', weight: 1.5 }] }, 'routes[0].origins[0].weight: expected int, found 1.5'],
    [{ origin: 'a', sticky: { cookie: 'x' } }, 'routes[0].sticky: expected a route with origins'],
    [{ redirect: {} }, 'routes[0].redirect: expected at least one of scheme, host, port, prefix, path'],
    [{ redirect: { host: 'a:80' } }, 'routes[0].redirect.host: expected a host without a port, found "a:80"'],
    [{ redirect: { host: 'a/b' } }, 'routes[0].redirect.host: "a/b" is not a host'],
    [
      { redirect: { status: 300, scheme: 'https' } },
      'routes[0].redirect.status: expected 301 or 302 or 303 or 307 or 308, found 300',
    ],
    [
      { path: { regex: '/a' }, redirect: { prefix: '/b' } },
      'routes[0].redirect.prefix: expected a route with an exact path or a prefix, found "/b"',
    ],
    [{ response: { status: 199 } }, 'routes[0].response.status: expected at least 200, found 199'],
    [
      { response: { status: 204, body: 'x' } },
      'routes[0].response.body: expected no body with a status of 204, found "x"',
    ],
    [
      { response: { status: 200, body: 'x'.repeat(65_537) } },
      'routes[0].response.body: expected at most 65536 bytes, found "xxx',
    ],
    [
      { response: { status: 200, headers: { 'content-length': '3' } } },
      'routes[0].response.headers.content-length: The codec writes content-length by itself; set "contentLength" of the message., found "3"',
    ],
    [
      { redirect: { scheme: 'https' }, rewrite: { host: 'b' } },
      'routes[0].rewrite: expected a route with an origin',
    ],
    [
      { origin: 'a', rewrite: { prefix: '/a', path: '/b' } },
      'routes[0].rewrite: expected prefix or path, not both',
    ],
    [
      { origin: 'a', path: { template: '/{x}' }, rewrite: { path: '/{y}' } },
      'routes[0].rewrite.path: expected parameters of the route\'s template, which has x, found "/{y}"',
    ],
    [
      { origin: 'a', rewrite: { path: '/{y}' } },
      "expected parameters of the route's template, which has none",
    ],
    [
      { origin: 'a', requestHeaders: { set: { 'transfer-encoding': 'chunked' } } },
      'routes[0].requestHeaders.set.transfer-encoding: The codec writes transfer-encoding by itself',
    ],
    [{ redirect: { scheme: 'https' }, connect: true }, 'routes[0].connect: expected a route with an origin'],
    [
      { origin: 'a', requestHeaders: { remove: ['Connection'] } },
      'routes[0].requestHeaders.remove[0]: The codec writes Connection by itself',
    ],
    [
      { origin: 'a', requestHeaders: { set: { 'X-Forwarded_For': '192.0.2.1' } } },
      'routes[0].requestHeaders.set.X-Forwarded_For: expected another field: the proxy writes X-Forwarded_For by itself',
    ],
    [
      { origin: 'a', requestHeaders: { add: { 'x-forwarded-proto': 'https' } } },
      'routes[0].requestHeaders.add.x-forwarded-proto: expected another field',
    ],
    [
      { origin: 'a', requestHeaders: { remove: ['x-sluice-expected-timeout-ms'] } },
      'routes[0].requestHeaders.remove[0]: expected another field',
    ],
    [
      { origin: 'a', responseHeaders: { add: { 'x-a': 'a\r\nb' } } },
      'routes[0].responseHeaders.add.x-a: The value of x-a has a character that a field must not have., found "a\\r\\nb"',
    ],
    [
      { origin: 'a', upstream: { timeoutMs: -1 } },
      'routes[0].upstream.timeoutMs: expected at least 0, found -1',
    ],
    [{ origin: 'a', filters: { a: 'off' } }, 'routes[0].filters.a: expected boolean, found "off"'],
    [
      { origin: 'a', upgrades: ['WebSocket'] },
      'routes[0].upgrades[0]: expected a protocol in lower case, found "WebSocket"',
    ],
  ])('%j', (route, message) => {
    expect(() => new RouteTable({ routes: [route as RouteDeclaration] })).toThrow(message);
  });
});

describe('a declaration', () => {
  it('is refused with all that is wrong, each with its place', () => {
    const declaration: RouterDeclaration = {
      virtualHosts: [
        { domains: ['a.example'], routes: [{ origin: 'a' }, { prefix: 'b', origin: 'b' }] },
        { domains: [], routes: [{ path: { regex: '(' }, origin: 'c' }] },
      ],
    };
    const error = errorOf(declaration);

    expect(error).toBeInstanceOf(RouteError);
    expect(error).toMatchObject({
      code: 'SLUICE_ROUTE',
      problems: [
        'virtualHosts[0].routes[1].prefix: expected a path that begins with "/", without a query, found "b"',
        expect.stringMatching(/^virtualHosts\[1\]\.routes\[0\]\.path\.regex: expected a regular expression/),
        'virtualHosts[1].domains: expected at least one domain, found []',
      ],
    });
  });

  it('is refused when it names what there is not', () => {
    const declaration: RouterDeclaration = {
      virtualHosts: [
        {
          domains: ['a'],
          filters: { gzpi: false },
          routes: [
            {
              origins: [
                { origin: 'a', weight: 1 },
                { origin: 'x', weight: 1 },
              ],
            },
          ],
        },
      ],
      routes: [{ origin: 'y', filters: { cors: true, nope: true } }],
    };

    expect(
      errorOf(declaration, { origins: new Set(['a', 'b']), filters: new Set(['cors', 'gzip']) }),
    ).toMatchObject({
      problems: [
        'virtualHosts[0].routes[0].origins[1].origin: expected the name of an origin (a, b), found "x"',
        'routes[0].origin: expected the name of an origin (a, b), found "y"',
        'virtualHosts[0].filters: expected the name of a filter (cors, gzip), found "gzpi"',
        'routes[0].filters: expected the name of a filter (cors, gzip), found "nope"',
      ],
    });
  });

  it('is refused when two routes have one name', () => {
    const routes = [{ name: 'a', origin: 'o' }, { origin: 'o' }, { name: 'a', origin: 'o' }];

    expect(errorOf({ routes })).toMatchObject({
      problems: ['routes[2].name: expected a name of its own, found that of routes[0], "a"'],
    });
  });

  it('has a JSON schema that describes its parts', () => {
    const schema = JSON.stringify(z.toJSONSchema(routerSchema, { io: 'input' }));

    expect(schema).toContain('"segmentPrefix":{"description":"/api takes /api and /api/x, not /apix."');
    expect(schema).toContain('"additionalProperties":false');
  });
});

function errorOf(...args: ConstructorParameters<typeof RouteTable>): unknown {
  try {
    return new RouteTable(...args);
  } catch (cause) {
    return cause;
  }
}
