import { HttpHeaders } from '@sluice/codec-http';
import { HttpResponseMessage } from '@sluice/filters';
import { RouteActionFilter, RouterFilter, RouterOptions, RouteTable, RouteTables } from '@sluice/router';
import type { RouteDeclaration } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { messageFor, tableOf } from './support.ts';

describe('RouterFilter', () => {
  it('does not run when a filter has chosen an origin, or when there are no routes', () => {
    const request = messageFor('/');
    const filterOf = (table: RouteTable) => new RouterFilter(new RouteTables(table), new RouterOptions());
    expect(filterOf(tableOf([{}])).shouldFilter(request, request.context)).toBe(true);
    expect(filterOf(new RouteTable({})).shouldFilter(request, request.context)).toBe(false);
    request.context.origin = 'chosen';

    expect(filterOf(tableOf([{}])).shouldFilter(request, request.context)).toBe(false);
  });

  it('takes the table that is there when the request comes; one that has begun keeps its route', () => {
    const tables = new RouteTables(
      new RouteTable({ routes: [{ name: 'old', origin: 'old', rewrite: { prefix: '/old' } }] }),
    );
    const router = new RouterFilter(tables, new RouterOptions());
    const [before, after] = [messageFor('/x'), messageFor('/x')];
    router.apply(before, before.context);
    tables.replace(new RouteTable({ routes: [{ name: 'new', origin: 'new' }] }));
    router.apply(after, after.context);
    new RouteActionFilter().apply(before, before.context);

    expect([before.context.origin, before.context.routeName, before.target]).toEqual([
      'old',
      'old',
      '/old/x',
    ]);
    expect([after.context.origin, after.context.routeName, after.target]).toEqual(['new', 'new', '/x']);
  });
});

describe('CONNECT', () => {
  const connect = () => messageFor('db.test:5432', { authority: 'db.test:5432', method: 'CONNECT' });
  const route = (routes: RouteDeclaration[]) => {
    const request = connect();
    const filter = new RouterFilter(new RouteTables(new RouteTable({ routes })), new RouterOptions());
    filter.apply(request, request.context);
    new RouteActionFilter().apply(request, request.context);
    return request;
  };

  it('is refused, with nothing that is allowed, where no route says that it may be', () => {
    expect(() => route([{ origin: 'a' }])).toThrow(
      expect.objectContaining({ status: 405, keepAlive: false, headers: HttpHeaders.of({ allow: '' }) }),
    );
  });

  it('takes the route that allows it, by its host, and its target stays as it is', () => {
    const { context, target } = route([
      { origin: 'a' },
      { origin: 'b', connect: true, rewrite: { prefix: '/x' } },
    ]);

    expect([context.origin, target]).toEqual(['b', 'db.test:5432']);
  });
});

describe('RouteActionFilter', () => {
  it('leaves the answer to a filter that has chosen one', () => {
    const request = messageFor('/');
    const filter = new RouteActionFilter();
    request.context.staticResponse = HttpResponseMessage.make(request.context, { status: 200 });

    expect(filter.shouldFilter(request, request.context)).toBe(false);
  });

  it('leaves a path alone that a filter has put outside of what the route matches', () => {
    const request = messageFor('/api/x');
    const route = { path: { segmentPrefix: '/api' }, origin: 'o', rewrite: { prefix: '/v2' } };
    const tables = new RouteTables(new RouteTable({ routes: [route] }));
    new RouterFilter(tables, new RouterOptions()).apply(request, request.context);
    request.path = '/other/x';
    new RouteActionFilter().apply(request, request.context);

    expect(request.target).toBe('/other/x');
  });

  it('proxies to the origin that a filter has chosen in the place of a redirect', () => {
    const request = messageFor('/');
    const table = new RouteTable({ routes: [{ redirect: { scheme: 'https' } }] });
    new RouterFilter(new RouteTables(table), new RouterOptions()).apply(request, request.context);
    request.context.origin = 'chosen';
    new RouteActionFilter().apply(request, request.context);

    expect(request.context.staticResponse).toBeUndefined();
  });
});
