import type { RouterDeclaration } from '@sluice/router';

export const example: RouterDeclaration = {
  virtualHosts: [
    {
      name: 'shop',
      domains: ['shop.example', '*.shop.example', 'shop.example:8443', '[2001:db8::1]'],
      // For all routes of the host; a route has the last word.
      responseHeaders: { remove: ['x-powered-by'], set: { 'x-frame-options': 'deny' } },
      upstream: { timeoutMs: 15_000 },
      routes: [
        // By path: exact, prefix, segment prefix, template, regular expression.
        {
          name: 'robots',
          path: { exact: '/robots.txt' },
          response: { status: 200, body: 'User-agent: *\n' },
        },
        { name: 'images', path: { prefix: '/img-', ignoreCase: true }, origin: 'static' },
        { name: 'cart', path: { segmentPrefix: '/cart' }, origin: 'cart', rewrite: { prefix: '/v2/cart' } },
        {
          name: 'posts',
          path: { template: '/users/{id}/posts/{rest=**}' },
          origin: 'blog',
          rewrite: { path: '/posts/{rest}/of/{id}', host: 'blog.internal' },
        },
        { name: 'old-ids', path: { regex: '/item-[0-9]+' }, redirect: { path: '/items', status: 308 } },
        // By method, header fields and query parameters, which must all match.
        {
          name: 'upload',
          path: { exact: '/upload' },
          methods: ['POST', 'PUT'],
          headers: [
            { name: 'content-type', prefix: 'image/', ignoreCase: true },
            { name: 'x-version', range: { from: 2, to: 4 } },
            { name: 'user-agent', contains: 'bot', invert: true },
          ],
          query: [{ name: 'album' }],
          origin: 'upload',
          upstream: { timeoutMs: 120_000 },
        },
        // Several origins by weight; a client stays with the one that it had.
        {
          name: 'search',
          path: { segmentPrefix: '/search' },
          origins: [
            { origin: 'search', weight: 95 },
            { origin: 'search-next', weight: 5 },
          ],
          sticky: { cookie: 'session' },
        },
        {
          name: 'live',
          path: { exact: '/live' },
          origin: 'live',
          upgrades: ['websocket'],
          requestHeaders: { remove: ['x-debug'], set: { 'x-from': 'edge' }, add: { 'x-hop': 'edge' } },
        },
      ],
    },
    { name: 'www', domains: ['www.*'], routes: [{ redirect: { scheme: 'https', host: 'shop.example' } }] },
  ],
  // Every other host. The shortest form of a route is a prefix and an origin.
  routes: [{ prefix: '/', origin: 'static' }],
};
