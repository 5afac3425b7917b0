import { RouteTable } from '@sluice/router';
import { describe, expect, it } from 'vitest';
import { requestFor } from './support.ts';

const DOMAINS = [
  '*',
  '*.example',
  '*.shop.example',
  'shop.example',
  'shop.example:8443',
  'shop.*',
  'shop.api.*',
  '*:9000',
  '[2001:DB8::1]',
  '[::1]:8080',
  'Upper.Test.',
  '192.0.2.1',
];

describe('a virtual host', () => {
  it.each([
    ['shop.example', 'shop.example'],
    ['shop.example:80', 'shop.example'],
    ['shop.example:8443', 'shop.example:8443'],
    ['shop.example:9000', 'shop.example'],
    ['shop.example.', 'shop.example'],
    ['SHOP.example', 'shop.example'],
    ['a.shop.example', '*.shop.example'],
    ['a.b.shop.example', '*.shop.example'],
    ['b.example', '*.example'],
    ['example', '*'],
    ['.example', '*'],
    ['shop.test', 'shop.*'],
    ['shop.', '*'],
    ['shop.api.test', 'shop.api.*'],
    ['other.test', '*'],
    ['other.test:9000', '*:9000'],
    ['[2001:db8:0:0::1]', '[2001:DB8::1]'],
    ['[2001:db8::2]', '*'],
    ['[0:0:0:0:0:0:0:1]:8080', '[::1]:8080'],
    ['[::1]', '*'],
    ['upper.test', 'Upper.Test.'],
    ['192.0.2.1:1234', '192.0.2.1'],
  ])('serves %s as %s', (authority, domain) => {
    const table = new RouteTable({
      virtualHosts: DOMAINS.map((domain) => ({ domains: [domain], routes: [{ origin: 'o' }] })),
    });

    expect(table.findVirtualHost(requestFor('/', { authority }))?.name).toBe(domain);
  });

  it('with a port of 80 serves a host without a port', () => {
    const table = new RouteTable({
      virtualHosts: [{ domains: ['a.example:80'], routes: [{ origin: 'o' }] }],
    });

    expect(table.find(requestFor('/', { authority: 'a.example' }))?.name).toBe('a.example:80[0]');
  });

  it('with a port of 443 serves a host without a port to who speaks TLS', () => {
    const virtualHosts = [443, 80].map((port) => ({
      domains: [`a.example:${port}`],
      routes: [{ origin: 'o' }],
    }));
    const table = new RouteTable({ virtualHosts });
    const request = requestFor('/', { authority: 'a.example' });

    expect(table.findVirtualHost(request, 'https')?.name).toBe('a.example:443');
    expect(table.findVirtualHost(request, 'http')?.name).toBe('a.example:80');
  });

  it('is asked alone: its routes are not those of a wider one', () => {
    const table = new RouteTable({
      routes: [{ origin: 'any' }],
      virtualHosts: [{ domains: ['a.example'], routes: [{ prefix: '/a', origin: 'a' }] }],
    });

    expect(table.find(requestFor('/b'))).toBeUndefined();
    expect(table.find(requestFor('/b', { authority: 'b.example' }))?.name).toBe('default[0]');
  });

  it.each([
    'http://a.example',
    'a.example/',
    'a.example:0',
    'a.example:65536',
    'a b',
    '*a.example',
    'a.*.example',
    '**',
    '[::1',
    '[1.2.3.4]',
    'bücher.example',
    '',
    'a..example',
  ])('is refused with the domain "%s"', (domain) => {
    const declaration = { virtualHosts: [{ domains: ['ok.example', domain], routes: [] }] };

    expect(() => new RouteTable(declaration)).toThrow(
      `virtualHosts[0].domains[1]: expected a host, *.host, host.* or *, with a port or without, found ${JSON.stringify(domain)}`,
    );
  });

  it.each([
    [['a.example'], ['A.example.'], '"A.example." in "a.example" and in "A.example."'],
    [['[::1]', '[0::1]'], ['b.example'], '"[0::1]" twice in "[::1]"'],
  ])('has its domains for itself: %j and %j', (first, second, message) => {
    const virtualHosts = [first, second].map((domains) => ({ domains, routes: [] }));

    expect(() => new RouteTable({ virtualHosts })).toThrow(
      `virtualHosts: expected each domain once, found ${message}`,
    );
  });
});
