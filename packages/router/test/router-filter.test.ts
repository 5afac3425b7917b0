import { HttpResponseMessage } from '@sluice/filters';
import { RouteActionFilter, RouterFilter, RouterOptions, RouteTable, RouteTables } from '@sluice/router';
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
