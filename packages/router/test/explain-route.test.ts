import { explainRoute, RouteTable } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { requestFor } from './support.ts';

const TABLE = new RouteTable({
  virtualHosts: [
    {
      name: 'shop',
      domains: ['shop.example'],
      routes: [
        { name: 'exact', path: { exact: '/a' }, origin: 'o' },
        { name: 'post', methods: ['POST', 'PUT'], origin: 'o' },
        {
          name: 'beta',
          headers: [{ name: 'X-Beta', exact: '1', invert: true }],
          query: [{ name: 'q' }],
          origin: 'o',
        },
        { name: 'api', path: { segmentPrefix: '/API', ignoreCase: true }, origin: 'o' },
        { name: 'late', origin: 'o' },
      ],
    },
  ],
});

describe('explainRoute', () => {
  it('names the virtual host, the route, and what kept each earlier one from it', () => {
    const { virtualHost, route, passedOver, path, isRefused } = explainRoute(
      TABLE,
      requestFor('/api/x?a', { authority: 'shop.example' }),
    );

    expect([virtualHost, route?.name, path, isRefused]).toEqual(['shop', 'api', '/api/x', false]);
    expect(passedOver).toEqual([
      { route: 'exact', place: 'virtualHosts[0].routes[0]', because: 'the path /api/x is not exact /a' },
      { route: 'post', place: 'virtualHosts[0].routes[1]', because: 'not method POST or PUT' },
      { route: 'beta', place: 'virtualHosts[0].routes[2]', because: 'not query q present' },
    ]);
  });

  it('says why all are passed over', () => {
    const request = requestFor('shop.example:443', { authority: 'shop.example', method: 'CONNECT' });
    const { route, passedOver } = explainRoute(TABLE, request);

    expect(route).toBeUndefined();
    expect(passedOver.map(({ because }) => because)).toContain('CONNECT is not allowed');
    expect(passedOver).toHaveLength(5);
  });

  it('names no virtual host where none serves the host', () => {
    expect(explainRoute(TABLE, requestFor('/'))).toMatchObject({
      virtualHost: undefined,
      route: undefined,
      passedOver: [],
    });
  });

  it('tells of a path that is refused, and of one that is put into normal form', () => {
    const virtualHosts = [
      { domains: ['*'], routes: [{ path: { exact: '/a' }, origin: 'a' }, { origin: 'b' }] },
    ];
    const request = requestFor('/b/../a');

    expect(explainRoute(new RouteTable({ virtualHosts }), request).isRefused).toBe(true);
    const normal = explainRoute(new RouteTable({ virtualHosts, ambiguousPaths: 'normalize' }), request);
    expect([normal.path, normal.isRefused, normal.route?.index]).toEqual(['/a', false, 0]);
  });
});
