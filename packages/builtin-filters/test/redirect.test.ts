import { RedirectFilter, RedirectOptions } from '@sluice/builtin-filters';
import { SSL_HANDSHAKE_INFO } from '@sluice/handler-tls';
import { describe, expect, it } from 'vitest';
import { Client, field, recorder, request, statusOf } from './support.ts';

type Input = NonNullable<ConstructorParameters<typeof RedirectOptions>[0]>;
type Rule = NonNullable<Input['rules']>[number];

describe('a redirect', () => {
  it.each<{ rule: Rule; target?: string; host?: string; location: string | undefined }>([
    { rule: { to: { scheme: 'https' } }, location: 'https://a.example/x?y' },
    { rule: { to: { scheme: 'https' } }, host: 'a.example:8080', location: 'https://a.example/x?y' },
    { rule: { to: { scheme: 'https', port: 8443 } }, location: 'https://a.example:8443/x?y' },
    { rule: { to: { scheme: 'https', port: 443 } }, location: 'https://a.example/x?y' },
    { rule: { to: { host: 'b.example' } }, host: 'a.example:8080', location: 'http://b.example/x?y' },
    { rule: { to: { port: 81 } }, location: 'http://a.example:81/x?y' },
    { rule: { to: { scheme: 'https' } }, host: '[::1]:80', location: 'https://[::1]/x?y' },
    { rule: { to: { scheme: 'https' }, keepQuery: false }, location: 'https://a.example/x' },
    {
      rule: { match: { pathPrefix: '/x' }, to: { pathPrefix: '/z' } },
      host: 'a.example:8080',
      location: 'http://a.example:8080/z?y',
    },
    {
      rule: { match: { pathPrefix: '/x' }, to: { pathPrefix: '/z' } },
      target: '/x/1',
      location: 'http://a.example/z/1',
    },
    {
      rule: { match: { pathPrefix: '/x' }, to: { pathPrefix: '/' } },
      target: '/x/1',
      location: 'http://a.example/1',
    },
    {
      rule: { match: { pathPrefix: '/x/' }, to: { pathPrefix: '/z' } },
      target: '/x/1',
      location: 'http://a.example/z/1',
    },
    { rule: { match: { pathPrefix: '/x' }, to: { pathPrefix: '/z' } }, target: '/xy', location: undefined },
    { rule: { match: { host: 'b.example' }, to: { scheme: 'https' } }, location: undefined },
    {
      rule: { match: { host: 'a.example' }, to: { host: 'b.example' } },
      host: 'A.example.:81',
      location: 'http://b.example/x?y',
    },
    {
      rule: { match: { host: '[::1]' }, to: { host: 'b.example' } },
      host: '[0:0::1]',
      location: 'http://b.example/x?y',
    },
    {
      rule: { match: { host: '[0:0::1]' }, to: { host: 'b.example' } },
      host: '[::1]',
      location: 'http://b.example/x?y',
    },
    { rule: { match: { scheme: 'https' }, to: { host: 'b.example' } }, location: undefined },
    { rule: { to: { host: 'a.example' } }, location: undefined },
    // No path can name a host.
    {
      rule: { to: { scheme: 'https' } },
      target: '//evil.example',
      location: 'https://a.example//evil.example',
    },
    {
      rule: { match: { pathPrefix: '/x' }, to: { pathPrefix: '/' } },
      target: '/x//evil.example/%0d%0aset-cookie:a',
      location: 'http://a.example//evil.example/%0d%0aset-cookie:a',
    },
  ])(
    'of $rule leads $host $target to $location',
    ({ rule, target = '/x?y', host = 'a.example', location }) => {
      const { client } = connect({ rules: [rule] });

      const response = client.send(request('GET', target).replace('host: a.example', `host: ${host}`));

      expect(field(response, 'location')).toBe(location);
      expect(statusOf(response)).toBe(location === undefined ? 200 : 301);
    },
  );

  it('is that of the first rule that matches, with its status', () => {
    const { client, origin } = connect({
      rules: [
        { match: { pathPrefix: '/a' }, to: { pathPrefix: '/b' }, status: 308 },
        { to: { host: 'b.example' }, status: 302 },
      ],
    });

    expect(statusOf(client.get('/a'))).toBe(308);
    expect(statusOf(client.get('/'))).toBe(302);
    expect(origin.sides).toHaveLength(0);
  });

  it('to https ends there', () => {
    const { client } = connect({ rules: [{ match: { scheme: 'http' }, to: { scheme: 'https' } }] });
    client.channel.attr(SSL_HANDSHAKE_INFO).set({} as never);

    expect(client.get('/')).toMatch(/fine$/);
  });

  it('does not touch OPTIONS *', () => {
    const { client } = connect({ rules: [{ to: { scheme: 'https' } }] });

    expect(statusOf(client.send(request('OPTIONS', '*')))).toBe(200);
  });

  it.each<{ rule: unknown; error: string }>([
    { rule: { to: {} }, error: 'redirect: rules[0].to: says nothing; name what changes' },
    { rule: { to: { host: 'a.example/b' } }, error: 'rules[0].to.host: expected a host in lower case' },
    { rule: { to: { host: 'a\r\nb' } }, error: 'rules[0].to.host: expected a host' },
    { rule: { to: { host: '[1:2]' } }, error: 'rules[0].to.host: expected an IPv6 address in the brackets' },
    {
      rule: { to: { pathPrefix: '/a\r\n' } },
      error: 'rules[0].to.pathPrefix: expected a path that begins with /',
    },
    { rule: { to: { port: 0 } }, error: 'rules[0].to.port: Too small: expected number to be >=1 (found 0)' },
    { rule: { to: { port: 1 }, status: 304 }, error: 'rules[0].status: Invalid option' },
  ])('refuses at the start: $error', ({ rule, error }) => {
    expect(() => new RedirectOptions({ rules: [rule as Rule] })).toThrow(error);
  });
});

function connect(options: Input): { client: Client; origin: ReturnType<typeof recorder> } {
  const origin = recorder();
  const client = new Client({
    filters: [RedirectFilter],
    endpoint: origin.endpoint,
    bindings: [[RedirectOptions, new RedirectOptions(options)]],
  });
  return { client, origin };
}
