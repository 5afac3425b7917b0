import type { GatewayDeclaration } from '@sluice/gateway';
import type { RouteDeclaration } from '@sluice/router';

/** What testers send to see the next version, whatever the weights are. */
const TESTER = { name: 'x-canary', exact: 'yes' };

/**
 * Gives `percent` of the clients the next version. The cookie decides, so that a client stays with the version that
 * it has; the version that fails is taken out by outlier detection, server by server.
 */
export function canaryRoutes(percent: number): readonly RouteDeclaration[] {
  return [
    { name: 'testers', prefix: '/', headers: [TESTER], origin: 'next' },
    {
      name: 'shop',
      prefix: '/',
      origins: [
        { origin: 'stable', weight: 100 - percent },
        { origin: 'next', weight: percent },
      ],
      sticky: { cookie: 'session' },
    },
  ];
}

export function canaryOrigins(
  stablePort: number,
  nextPort: number,
): NonNullable<GatewayDeclaration['origins']> {
  return [
    { name: 'stable', servers: [{ host: '127.0.0.1', port: stablePort }] },
    {
      name: 'next',
      servers: [{ host: '127.0.0.1', port: nextPort }],
      outlierDetection: { consecutive5xx: 3 },
    },
  ];
}
