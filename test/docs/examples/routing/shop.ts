import type { RouterDeclaration } from '@sluice/router';

export const shop: RouterDeclaration = {
  virtualHosts: [
    {
      name: 'shop',
      domains: ['shop.example', '*.shop.example'],
      upstream: {
        timeoutMs: 15_000,
        retry: { retryOn: ['connect-failure', 'gateway-error'], numRetries: 2 },
      },
      routes: [
        { name: 'health', path: { exact: '/healthz' }, response: { status: 200, body: 'ok\n' } },
        { name: 'cart', path: { segmentPrefix: '/cart' }, origin: 'cart', rewrite: { prefix: '/v2/cart' } },
        { name: 'orders', path: { template: '/users/{id}/orders' }, methods: ['GET'], origin: 'orders' },
        { name: 'live', path: { exact: '/live' }, origin: 'live', upgrades: ['websocket'] },
        { name: 'pages', prefix: '/', origin: 'pages' },
      ],
    },
  ],
  // Every other host.
  routes: [{ name: 'elsewhere', prefix: '/', redirect: { scheme: 'https', host: 'shop.example' } }],
};
