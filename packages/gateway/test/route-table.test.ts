import { EmbeddedChannel } from '@sluice/core';
import { HttpRequest } from '@sluice/codec-http';
import { HttpRequestMessage, SessionContext } from '@sluice/filters';
import { describe, expect, it } from 'vitest';
import { RouterFilter, RouteTable } from '../src/index.ts';
import type { Route } from '../src/index.ts';

const ROUTES: readonly Route[] = [
  { origin: 'any' },
  { prefix: '/api', origin: 'api' },
  { prefix: '/api/v2', origin: 'api-v2' },
  { host: 'Shop.Example', origin: 'shop' },
  { host: 'shop.example', prefix: '/cart', origin: 'cart' },
  { host: '[::1]', origin: 'local' },
];

describe('RouteTable', () => {
  it.each([
    ['a.example', '/', 'any'],
    ['a.example', '/api', 'api'],
    ['a.example', '/api/v1', 'api'],
    ['a.example', '/api/v2/x', 'api-v2'],
    ['shop.example', '/', 'shop'],
    ['shop.example', '/api', 'shop'],
    ['shop.example', '/cart/1', 'cart'],
    ['[::1]', '/', 'local'],
    ['a.example', '*', 'any'],
  ])('sends %s%s to %s', (host, path, origin) => {
    expect(new RouteTable(ROUTES).find(host, path)?.origin).toBe(origin);
  });

  it('finds nothing where no route matches', () => {
    expect(new RouteTable([{ prefix: '/api', origin: 'api' }]).find('a', '/')).toBeUndefined();
  });

  it('takes the one declared first of two that match equally', () => {
    const table = new RouteTable([{ origin: 'first' }, { origin: 'second' }]);

    expect(table.find('a', '/')?.origin).toBe('first');
  });

  it.each([
    [{ prefix: 'api', origin: 'a' }, 'The prefix of a route begins with "/", but there is "api".'],
    [{ host: 'a.example:80', origin: 'a' }, 'no port or pattern, but there is "a.example:80".'],
    [{ host: '*.example', origin: 'a' }, 'no port or pattern, but there is "*.example".'],
    [{ host: 'http://a.example', origin: 'a' }, 'no port or pattern, but there is "http://a.example".'],
  ])('refuses %o', (route, message) => {
    expect(() => new RouteTable([route])).toThrow(message);
  });
});

describe('RouterFilter', () => {
  it('gives a request the origin of its route, by its path without the query', () => {
    const request = requestFor('/cart?next=/api');
    new RouterFilter(new RouteTable(ROUTES)).apply(request, request.context);

    expect(request.context.origin).toBe('cart');
  });

  it('does not run when a filter has chosen an origin', () => {
    const request = requestFor('/');
    request.context.origin = 'chosen';

    expect(new RouterFilter(new RouteTable(ROUTES)).shouldFilter(request, request.context)).toBe(false);
  });
});

function requestFor(target: string): HttpRequestMessage {
  const head = new HttpRequest({ method: 'GET', target, authority: 'shop.example:8080' });
  return new HttpRequestMessage(head, new SessionContext(new EmbeddedChannel(), 0));
}
